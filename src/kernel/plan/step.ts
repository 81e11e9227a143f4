import type { Change, Step } from "../facts/change.ts";
import { type Fact, ROUTE_PROTOCOL, type TapFact } from "../facts/fact.ts";
import { followedLine, guardLine } from "../nft/nft-line.ts";
import { describeChange, vlanFlags } from "./describe.ts";
import { renderGuardRules } from "../nft/port-guard.ts";
import { renderSourceCheck } from "../nft/source-check.ts";
import { type Line, linkLine, neighLine, onLink, proxyLine, routeLine, tapLines } from "./tap-lines.ts";

type Alone = Exclude<Fact, TapFact>;

/** A write below /sys is no process. */
const groupLine = (port: string, group: number): string => `class/net/${port}/netdev_group=${String(group)}`;

/** Makes a fact true that is not there. */
const addAlone = (fact: Alone): Omit<Line, "undo"> => {
  switch (fact.kind) {
    case "link":
      return { tool: "ip", line: linkLine(fact, null) };
    case "port-vlan":
      return { tool: "bridge", line: `vlan add dev ${fact.port} vid ${String(fact.vid)}${vlanFlags(fact)}` };
    case "address":
      // A gateway never waits for duplicate address detection: the same one is on each tap, alone with its guest.
      return fact.address.includes(":")
        ? { tool: "ip", line: `address add ${fact.address}/${String(fact.length)} dev ${fact.dev} nodad` }
        : {
            tool: "ip",
            line: `address add ${fact.address}/${String(fact.length)} dev ${fact.dev} scope link`,
          };
    case "route":
      // `add`, not `replace`: a route to this address that somebody else made is a clash, not ours to take.
      return {
        tool: "ip",
        line: `route ${fact.anycast ? "append" : "add"} ${routeLine(fact)}${onLink(fact)}`,
      };
    case "neigh":
      // `replace`: the host may know the guest by this address already.
      return { tool: "ip", line: `neigh replace ${neighLine(fact)}` };
    case "neigh-proxy":
      return { tool: "ip", line: `neigh add ${proxyLine(fact)} protocol ${ROUTE_PROTOCOL}` };
    case "sysctl":
      return { tool: "sysctl", line: `${fact.name}=${fact.value}` };
    case "source-check":
      return { tool: "nft", line: renderSourceCheck() };
    case "guard-rules":
      return { tool: "nft", line: renderGuardRules() };
    case "guard":
      return { tool: "nft", line: guardLine("add", fact) };
    case "uplink-vlan":
      return { tool: "bridge", line: `vlan add dev ${fact.uplink} vid ${String(fact.vid)}` };
    case "followed":
      return { tool: "nft", line: followedLine(fact) };
    case "port-group":
      return { tool: "sysfs", line: groupLine(fact.port, fact.group) };
    case "port-flag":
    case "fdb":
      throw new Error(`a ${fact.kind} is written together with others: see plan.ts`);
    case "tap-draft":
      throw new Error(`a ${fact.kind} is never wanted`);
  }
};

const add = (fact: Fact): readonly Line[] =>
  fact.kind === "tap" ? tapLines(fact) : [{ ...addAlone(fact), undo: null }];

const removeAlone = (fact: Fact): Omit<Line, "undo"> => {
  switch (fact.kind) {
    case "tap":
    case "tap-draft":
      return { tool: "ip", line: `link delete dev ${fact.dev}` };
    case "port-vlan":
      return { tool: "bridge", line: `vlan del dev ${fact.port} vid ${String(fact.vid)}` };
    case "fdb":
      return {
        tool: "bridge",
        line: `fdb del ${fact.mac} dev ${fact.port} vlan ${String(fact.vid)} master static`,
      };
    case "address":
      return { tool: "ip", line: `address del ${fact.address}/${String(fact.length)} dev ${fact.dev}` };
    case "neigh":
      return { tool: "ip", line: `neigh del ${fact.address} dev ${fact.dev}` };
    case "neigh-proxy":
      return { tool: "ip", line: `neigh del ${proxyLine(fact)}` };
    case "route":
      return { tool: "ip", line: `route del ${routeLine(fact)}` };
    case "guard":
      return { tool: "nft", line: guardLine("delete", fact) };
    case "uplink-vlan":
      return { tool: "bridge", line: `vlan del dev ${fact.uplink} vid ${String(fact.vid)}` };
    case "port-group":
      return { tool: "sysfs", line: groupLine(fact.port, 0) };
    default:
      throw new Error(`a ${fact.kind} is never removed`);
  }
};

const remove = (fact: Fact): readonly Line[] => [{ ...removeAlone(fact), undo: null }];

/** Settings, flags and VLANs are overwritten in place; what cannot be, is removed and made again. */
const replace = (from: Fact, to: Fact): readonly Line[] => {
  switch (to.kind) {
    case "tap":
    case "route":
      return [...remove(from), ...add(to)];
    case "link":
      return [{ tool: "ip", line: linkLine(to, from.kind === "link" ? from : null), undo: null }];
    // `vlan add` with other flags sets them: a delete would be wrong here, it goes by VLAN ID and ignores flags.
    default:
      return add(to);
  }
};

/** The lines that make one change. */
export const stepsOf = (change: Change): readonly Step[] => {
  const does = describeChange(change);
  const lines =
    change.kind === "add"
      ? add(change.to)
      : change.kind === "remove"
        ? remove(change.from)
        : replace(change.from, change.to);
  return lines.map((line) => ({ ...line, does }));
};
