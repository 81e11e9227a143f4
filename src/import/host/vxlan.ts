import type { LiveNetwork } from "../../live-network/live-network.ts";
import type { OldBridge } from "./bridges.ts";
import type { HostReport } from "./host-report.ts";
import { nameOf } from "./vlan-names.ts";
import type { WrittenVxlan } from "./written-host.ts";

/** IANA's port of VXLAN, which needs no key. */
const PORT = 4789;
const DEVICE = "vxlan0";

interface Vxlan {
  readonly written: WrittenVxlan;
  readonly vids: readonly number[];
}

/** VLANs with their VNIs: of a device for all VNIs by the bridge's tunnel information, of one for one VNI by its bridge. */
const vnisOf = (
  { vid, vxlans }: OldBridge,
  { tunnels }: LiveNetwork,
): readonly (readonly [number, number])[] =>
  vxlans.flatMap(({ name, vxlan }) =>
    typeof vxlan?.vni === "number"
      ? vid === null
        ? []
        : [[vid, vxlan.vni] as const]
      : tunnels.filter(({ port }) => port === name).map((one) => [one.vid, one.vni] as const),
  );

/** Returns the VXLAN of a bridge, or null if it has none that `host.json` can describe. */
export const vxlanOf = (
  olds: readonly OldBridge[],
  network: LiveNetwork,
  report: HostReport,
): Vxlan | null => {
  const devices = olds.flatMap(({ vxlans }) => vxlans);
  const [first] = devices;
  if (first === undefined || first.vxlan === null) return null;
  const { local, port } = first.vxlan;
  const names = devices.map(({ name }) => name).join(", ");
  const vnis = olds.flatMap((old) => vnisOf(old, network)).sort(([a], [b]) => a - b);
  if (local === null || vnis.length === 0) {
    const what = local === null ? "it has no local address" : "no VLAN of it has a VNI";
    report.dropped(names, `${what}, which host.json requires of VXLAN`, true);
    return null;
  }
  const peers = [
    ...new Set(
      network.peers
        .filter((one) => devices.some(({ name }) => name === one.port))
        .map(({ address }) => address),
    ),
  ];
  const single = devices.length === 1 && first.vxlan.external;
  if (single) report.taken(names, "VXLAN of the bridge");
  else report.changed(names, `one VXLAN device ${DEVICE} for all VNIs`);
  if (peers.length === 0)
    report.changed(names, "it has no peers: host.json says that a BGP daemon finds them (evpn)", true);
  return {
    vids: vnis.map(([vid]) => vid),
    written: {
      local,
      vnis: Object.fromEntries(vnis.map(([vid, vni]) => [nameOf(vid), vni])),
      ...(peers.length === 0 ? { evpn: true } : { peers }),
      ...(port === PORT || port === 0 ? {} : { port }),
      ...(single && first.name !== DEVICE ? { device: first.name } : {}),
    },
  };
};
