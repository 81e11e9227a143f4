import type { Fact } from "../facts/fact.ts";
import type { FollowedFact } from "../facts/port/followed.ts";
import type { PortVlanFact } from "../facts/port/port-vlan.ts";
import type { Trunking } from "../facts/scope.ts";
import type { UplinkVlanFact } from "../facts/port/uplink-vlan.ts";
import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";
import type { Host } from "../host.ts";

/** The uplinks' VLANs, existing and required. */
export interface ObservedUplinks {
  readonly observed: readonly Fact[];
  readonly wanted: readonly Fact[];
  /** VLANs of guests that an uplink of a static bridge does not carry. */
  readonly missing: readonly UplinkVlanFact[];
}

const isMember = (host: Host, bridge: IfName, port: IfName): boolean =>
  port === bridge || host.readFile(`/sys/class/net/${bridge}/brif/${port}/port_no`) !== null;

/** The VLANs of all bridge ports but the uplinks: of guests, containers, or the host itself. */
const vlansInUse = (
  { bridge, uplinks }: Trunking,
  members: readonly PortVlanFact[],
  host: Host,
): ReadonlySet<Vid> => {
  const ports = [...new Set(members.map(({ port }) => port))];
  const own = new Set(ports.filter((port) => !uplinks.includes(port) && isMember(host, bridge, port)));
  return new Set(members.filter(({ port }) => own.has(port)).map(({ vid }) => vid));
};

const followed = (
  trunking: Trunking,
  members: readonly PortVlanFact[],
  marks: readonly FollowedFact[],
  host: Host,
): Pick<ObservedUplinks, "observed" | "wanted"> => {
  const inUse = vlansInUse(trunking, members, host);
  const needed = (vid: Vid): boolean => (trunking.present && trunking.vids.includes(vid)) || inUse.has(vid);
  const observed: Fact[] = [];
  const wanted: Fact[] = [];
  for (const uplink of trunking.uplinks) {
    const there = new Set(members.filter(({ port }) => port === uplink).map(({ vid }) => vid));
    const marked = new Set(marks.filter((mark) => mark.uplink === uplink).map(({ vid }) => vid));
    for (const vid of new Set([...trunking.vids, ...marked])) {
      const vlan: UplinkVlanFact = { kind: "uplink-vlan", uplink, vid };
      const mark: FollowedFact = { kind: "followed", uplink, vid };
      if (there.has(vid)) observed.push(vlan);
      if (marked.has(vid)) observed.push(mark);
      // Without guestnet's mark a VLAN is the administrator's, whether a guest requires it or not.
      const others = there.has(vid) && !marked.has(vid);
      if (needed(vid) || others) wanted.push(vlan);
      // A mark stays until the host starts anew: taking it away could cross a hook that is about to rely on it.
      if (marked.has(vid) || (needed(vid) && !others)) wanted.push(mark);
    }
  }
  return { observed, wanted };
};

const missingOn = ({ uplinks, vids }: Trunking, members: readonly PortVlanFact[]): UplinkVlanFact[] =>
  uplinks.flatMap((uplink) =>
    vids
      .filter((vid) => !members.some((member) => member.port === uplink && member.vid === vid))
      .map((vid): UplinkVlanFact => ({ kind: "uplink-vlan", uplink, vid })),
  );

/**
 * Compares the uplinks of bridges with what the ports of these bridges need. The only record of what is required is the ports'
 * own VLANs, so it is right after a crash, too.
 *
 * @param members the VLANs of all ports of the host
 * @param tables the content of guestnet's nftables tables, with the marks of VLANs that the hook added
 */
export const observeUplinks = (
  trunkings: readonly Trunking[],
  members: readonly PortVlanFact[],
  tables: readonly Fact[],
  host: Host,
): ObservedUplinks => {
  const marks = tables.filter((fact) => fact.kind === "followed");
  const following = trunkings
    .filter(({ mode }) => mode === "follow-guests")
    .map((trunking) => followed(trunking, members, marks, host));
  return {
    observed: following.flatMap(({ observed }) => observed),
    wanted: following.flatMap(({ wanted }) => wanted),
    missing: trunkings
      .filter(({ mode }) => mode === "static")
      .flatMap((trunking) => missingOn(trunking, members)),
  };
};
