/**
 * The order of all steps of a plan. Membership closes before it opens: at no moment is a guest in a VLAN that neither the old nor the
 * new state has, nor on a port whose checks are not on yet. Reachability opens before it closes. What hangs off a device
 * comes after the device. Steps of one tool side by side are one process.
 */
export const ORDER = [
  // A static entry outlives the port's membership (nbp_vlan_delete flushes only dynamic ones).
  "remove fdb",
  // Frames that the host itself sends to a port until then are in the queue, which is emptied at the end.
  "disable IPv6 on ports",
  "remove port-vlan",
  "remove uplink-vlan",
  // One process for nft, and one transaction: the permitted sources change at once, before the port opens.
  "set source-check",
  "set guard-rules",
  "remove guard",
  "add guard",
  "add followed",
  "remove tap-draft",
  "add tap",
  // Writes without a process come first, so that one bridge(8) takes all lines.
  "set port-group",
  "set link-local-learning",
  "set port-flag",
  "set link",
  // Before addresses come.
  "enable IPv6",
  "add address",
  "add port-vlan",
  "add uplink-vlan",
  // An entry can be made only for a VLAN that the port has (br_fdb_add).
  "add fdb",
  // Whom routes lead to comes before them; a device that goes down, or gets another address, forgets it.
  "add neigh",
  "add route",
  // A prefix goes via the guest's address, and the kernel takes a next hop only when there is a route to it.
  "add route via",
  // The host answers for what it can deliver: after the route comes, before it goes.
  "add neigh-proxy",
  // Late: a tap carries nothing before QEMU opens it, and one batch for ip is a process less.
  "set sysctl",
  "remove neigh-proxy",
  "remove route via",
  "remove route",
  "remove neigh",
  "remove address",
  // It takes all addresses, so after those that are removed one by one.
  "disable IPv6 on taps",
  "remove tap",
  // Behind all lines for bridge(8), so that those are one process: after the port is locked, and the last VLAN closed.
  "forget learned",
  "empty queue",
] as const;

/** A place in {@link ORDER}. */
export type Slot = (typeof ORDER)[number];

const RANKS: ReadonlyMap<Slot, number> = new Map(ORDER.map((slot, rank) => [slot, rank]));

/** Returns the items in the order of their slots; those of one slot keep their order. */
export const inOrder = <T extends { readonly slot: Slot }>(items: readonly T[]): readonly T[] =>
  [...items].sort((a, b) => (RANKS.get(a.slot) ?? 0) - (RANKS.get(b.slot) ?? 0));
