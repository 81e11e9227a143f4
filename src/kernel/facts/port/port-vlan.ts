import type { IfName } from "../../../values/names.ts";
import { expandRange, renderRange, toVid, type Vid, type VidRange } from "../../../values/vid.ts";
import type { NonEmpty } from "../../../values/brand.ts";
import { bridge, sysfs, type Undoable } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { asList, asNumber, membersOf, asText } from "../../../values/json.ts";
import type { Query } from "../question.ts";
import type { Scope } from "../scope.ts";

/** A port's membership in one VLAN. A port's desired list is complete: what is observed and not desired, goes. */
export interface PortVlanFact {
  readonly kind: "port-vlan";
  readonly port: IfName;
  readonly vid: Vid;
  readonly pvid: boolean;
  readonly untagged: boolean;
}

/** `pvid untagged`, as bridge(8) writes the flags of a VLAN. */
const flagWords = ({ pvid, untagged }: PortVlanFact): string =>
  `${pvid ? " pvid" : ""}${untagged ? " untagged" : ""}`;

/** Facts that were put together are neighbours. */
const rangeOf = (facts: NonEmpty<PortVlanFact>): string => {
  const range: VidRange = { first: facts[0].vid, last: (facts.at(-1) ?? facts[0]).vid };
  return renderRange(range);
};

/** Reads what `bridge -json vlan show dev PORT` prints. */
export const observePortVlans = (port: IfName, documents: readonly unknown[]): readonly PortVlanFact[] =>
  documents
    .flatMap((document) => asList(membersOf(document)["vlans"]))
    .map(membersOf)
    .flatMap((entry) => {
      const first = toVid(asNumber(entry["vlan"]) ?? 0);
      if (first === null) return [];
      const last = toVid(asNumber(entry["vlanEnd"]) ?? first) ?? first;
      const flags = asList(entry["flags"]);
      return expandRange({ first, last }).map((vid): PortVlanFact => ({
        kind: "port-vlan",
        port,
        vid,
        pvid: flags.includes("PVID"),
        untagged: flags.includes("Egress Untagged"),
      }));
    });

/** Reads what `bridge -json vlan show` prints of all ports, and of the bridges themselves. */
const observeAllPortVlans = (documents: readonly unknown[]): readonly PortVlanFact[] =>
  documents.flatMap((document) =>
    observePortVlans((asText(membersOf(document)["ifname"]) ?? "") as IfName, [document]),
  );

/** Asks for the VLANs of all ports of the host. */
export const ALL_PORT_VLANS: Query<PortVlanFact> = {
  ...{ tool: "bridge", object: "vlan", verb: "show", dev: null, args: "" },
  read: observeAllPortVlans,
};

/**
 * The VLANs of the ports, and of uplinks and others where their guests follow each other: one question for all of them, because with
 * `-details` a second one in a process ends in an assertion (print_vlan_rtm of iproute2 6.1, bridge/vlan.c).
 */
const queries = ({ ports, trunkings }: Scope): readonly Query<PortVlanFact>[] => {
  const [port, ...more] = ports;
  if (port === undefined) return [];
  if (trunkings.length === 0 && more.length === 0)
    return [{ ...ALL_PORT_VLANS, dev: port, read: (documents) => observePortVlans(port, documents) }];
  const own = (documents: readonly unknown[]) =>
    observeAllPortVlans(documents).filter((member) => ports.includes(member.port));
  return [{ ...ALL_PORT_VLANS, read: own }];
};

// What the driver gives every tap, and libvirt leaves alone.
const TUN_QUEUE = 1000;

/**
 * Frames of a VLAN that the port was in by mistake may wait in the tap's queue: libvirt sets a tap up as a port of the
 * bridge, in its default VLAN, before QEMU reads from it. They would reach the guest later, whatever VLAN the port is in
 * by then. Another queue length makes the driver build a new ring, without them (tun_queue_resize, drivers/net/tun.c).
 */
export const emptyQueue = (port: IfName): readonly Undoable[] =>
  [0, TUN_QUEUE].map((length) => sysfs({ name: `class/net/${port}/tx_queue_len`, value: String(length) }));

export const portVlan: FactKind<PortVlanFact> = {
  key: ({ port, vid }) => `${port} ${String(vid)}`,
  device: ({ port }) => port,
  slot: ({ kind }) => (kind === "remove" ? "remove port-vlan" : "add port-vlan"),
  // A hundred neighbouring VLANs are one line, `vid 100-199`, which the kernel takes in one message: such a trunk costs what one
  // VLAN costs. A port has one PVID, so that line stands alone; a removal goes by VLAN ID and ignores flags.
  joins: (before, next, removes) =>
    before.port === next.port &&
    before.vid + 1 === next.vid &&
    (removes || (!before.pvid && !next.pvid && before.untagged === next.untagged)),
  // With other flags it sets them: a delete would be wrong here.
  add: (facts) => [bridge(`vlan add dev ${facts[0].port} vid ${rangeOf(facts)}${flagWords(facts[0])}`)],
  remove: (facts) => [bridge(`vlan del dev ${facts[0].port} vid ${rangeOf(facts)}`)],
  describe: (facts) =>
    `VLAN ${rangeOf(facts)}${facts.length > 1 ? "" : flagWords(facts[0])} on ${facts[0].port}`,
  observe: { from: "questions", queries },
};
