import { never } from "../values/brand.ts";
import type { Nic } from "../guest/nic.ts";
import type { PortVlans } from "../guest/libvirt-attachment.ts";
import type { UnmanagedNic } from "../kernel/facts/unmanaged-nic.ts";
import { renderVidSet } from "../values/vid.ts";
import type { Heard, Traffic } from "./traffic.ts";

/** How a NIC is attached: `access br0`, `routed`. */
export const describeKind = ({ attachment }: Nic): string =>
  attachment.kind === "routed" ? "routed" : `${attachment.kind} ${attachment.bridge}`;

const describeVlans = (vlans: PortVlans): string => {
  if (vlans.kind === "access") return String(vlans.vlan);
  const tagged = renderVidSet(vlans.tagged);
  return vlans.native === null ? tagged : `${tagged} native ${String(vlans.native)}`.trim();
};

/** Its VLANs or addresses: `20`, `30,100-199 native 10`, `192.0.2.53 2001:db8:53::/64`. */
export const describePlace = ({ attachment }: Nic): string => {
  switch (attachment.kind) {
    case "access":
    case "trunk":
      return describeVlans(attachment);
    case "routed":
      return [...attachment.addresses, ...attachment.prefixes].join(" ");
    default:
      return never(attachment);
  }
};

/** A NIC of libvirt's alone: `ovs ovsbr0` and `20`, `macvtap enp3s0` and nothing. */
export const describeUnmanaged = ({
  kind,
  on,
  vlans,
}: UnmanagedNic): { readonly kind: string; readonly place: string } => ({
  kind: on === null ? kind : `${kind} ${on}`,
  place: vlans === null ? "" : describeVlans(vlans),
});

/** Whether the guest itself can be heard: `silent` has never sent a frame, `mute` does not answer the host's questions. */
export type Answering = "silent" | "mute" | "heard" | "answers" | "unknown";

/** By what the host tells a guest's NIC. */
type Known = Pick<Nic | UnmanagedNic, "mac" | "tap">;

const isOwn = (nic: Known, heard: Heard): boolean => heard.mac === nic.mac;

/** What the host knows of the guest behind a tap: on a bridge no more than that it sends. */
export const answering = (nic: Known, { counters, heard }: Traffic): Answering => {
  const counted = counters.get(nic.tap ?? "");
  if (counted === undefined) return "unknown";
  if (counted.sentFrames === 0) return "silent";
  const neighbours = (heard.get(nic.tap ?? "") ?? []).flatMap((one) =>
    one.kind === "neighbour" ? [one] : [],
  );
  if (neighbours.some((one) => isOwn(nic, one) && one.state.includes("REACHABLE"))) return "answers";
  const known = neighbours.filter((one) => isOwn(nic, one) && !/FAILED|INCOMPLETE/.test(one.state));
  if (known.length > 0) return "heard";
  return neighbours.length > 0 ? "mute" : "heard";
};

/** Addresses that somebody else than the guest's own NIC was heard with: `192.0.2.9 at 52:54:00:66:66:66`. */
export const strangers = (nic: Nic, { heard }: Traffic): readonly string[] =>
  (heard.get(nic.tap) ?? []).flatMap((one) => {
    if (one.mac === null || isOwn(nic, one)) return [];
    const what =
      one.kind === "neighbour" ? one.address : one.vlan === null ? "a frame" : `VLAN ${String(one.vlan)}`;
    return [`${what} at ${one.mac}`];
  });
