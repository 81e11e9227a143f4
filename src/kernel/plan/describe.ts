import { type Applied, type Change, subjectOf } from "../facts/change.ts";
import { familyOf } from "../../values/address.ts";
import { DEFAULT_METRIC, type Fact, type PortVlanFact, type RouteFact } from "../facts/fact.ts";
import { tableWords } from "../../values/route-table.ts";

export const onOff = (on: boolean): string => (on ? "on" : "off");

/** `pvid untagged`, as bridge(8) writes the flags of a VLAN. */
export const vlanFlags = ({ pvid, untagged }: PortVlanFact): string =>
  `${pvid ? " pvid" : ""}${untagged ? " untagged" : ""}`;

/** A metric that is not what the kernel gives by itself, as `ip route` takes it. */
export const metricWords = ({ to, metric }: RouteFact): string =>
  metric === DEFAULT_METRIC[familyOf(to)] ? "" : ` metric ${String(metric)}`;

/** The fact in words: `VLAN 20 pvid untagged on web1-0`. */
export const nameOf = (fact: Fact): string => {
  switch (fact.kind) {
    case "tap":
      return `tap ${fact.dev}`;
    case "tap-draft":
      return `unfinished tap ${fact.dev}`;
    case "link":
      return `group, address and MTU of tap ${fact.dev}`;
    case "port-vlan":
      return `VLAN ${String(fact.vid)}${vlanFlags(fact)} on ${fact.port}`;
    case "port-flag":
      return `${fact.flag} ${onOff(fact.on)} on ${fact.port}`;
    case "fdb":
      return `forwarding entry ${fact.mac} VLAN ${String(fact.vid)} on ${fact.port}`;
    case "address":
      return `address ${fact.address}/${String(fact.length)} dev ${fact.dev}`;
    case "route":
      return `route ${fact.to} dev ${fact.dev}${metricWords(fact)}${tableWords(fact.table)}`;
    case "neigh":
      return `neighbour ${fact.address} dev ${fact.dev}`;
    case "neigh-proxy":
      return `neighbour proxy ${fact.address} dev ${fact.dev}`;
    case "sysctl":
      return `${fact.name}=${fact.value}`;
    case "port-group":
      return `group ${String(fact.group)} of ${fact.port}`;
    case "guard":
      return `${fact.port}${fact.element === "" ? "" : ` . ${fact.element}`} in the set ${fact.set} of allowed senders`;
    case "uplink-vlan":
      return `VLAN ${String(fact.vid)} on uplink ${fact.uplink}`;
    case "followed":
      return `our mark of VLAN ${String(fact.vid)} on uplink ${fact.uplink}`;
    case "guard-rules":
      return "the checks of guests with addresses";
    case "source-check":
      return "the source check of routed taps";
  }
};

const VERBS = { add: "adding", replace: "setting", remove: "removing" } as const;

/** `adding route 192.0.2.53/32 dev dns1-0`: what an operator reads when it fails. */
export const describeChange = (change: Change): string =>
  `${VERBS[change.kind]} ${nameOf(subjectOf(change))}`;

/** Where a plan of so many steps stopped, and why: `adding VLAN 20 …: RTNETLINK answers: … (3 of 5 steps applied)`. */
export const describeStop = (stop: Extract<Applied, { kind: "stopped" }>, steps: number): string => {
  const { failed, applied, begun, reason } = stop;
  const unsaid = begun - applied;
  const where = unsaid > 1 ? `${failed.does}, or one of the ${unsaid - 1} steps after it` : failed.does;
  const made = unsaid > 0 ? `${applied} to ${begun}` : String(applied);
  return `${where}: ${reason} (${made} of ${steps} steps applied)`;
};
