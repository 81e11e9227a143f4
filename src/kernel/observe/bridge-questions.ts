import type { IfName } from "../../values/names.ts";
import type { Scope } from "../facts/scope.ts";
import { asObject } from "./json.ts";
import { observePortFlags, toUnlockable } from "./port-flag.ts";
import { about, NOTHING_SEEN, type Question, type Seen } from "./question.ts";
import { observeFdb, observeMembers, observePortVlans } from "./vlan.ts";

const readFlags = (port: IfName, documents: readonly unknown[]): Seen => ({
  ...NOTHING_SEEN,
  facts: observePortFlags(port, documents),
  unlockable: toUnlockable(port, documents),
});

/** The kernel goes through all ports of the host for it, whatever port one names: several are one question. */
const aboutFlags = (ports: readonly IfName[]): readonly Question[] => {
  const [port, ...more] = ports;
  if (port === undefined) return [];
  if (more.length === 0)
    return [{ line: `link show dev ${port}`, read: (documents) => readFlags(port, documents) }];
  const read = (documents: readonly unknown[]): Seen => {
    const seen = ports.map((one) =>
      readFlags(
        one,
        documents.filter((json) => asObject(json)["ifname"] === one),
      ),
    );
    return {
      ...NOTHING_SEEN,
      facts: seen.flatMap(({ facts }) => facts),
      unlockable: seen.flatMap(({ unlockable }) => unlockable),
    };
  };
  return [{ line: "link show", read }];
};

/**
 * The VLANs of the ports, and of uplinks and others where their guests follow each other: one question for all of them, because with
 * `-details` a second one in a process ends in an assertion (print_vlan_rtm of iproute2 6.1, bridge/vlan.c).
 */
const aboutVlans = (ports: readonly IfName[], { trunkings }: Scope): readonly Question[] => {
  const [port, ...more] = ports;
  if (trunkings.length === 0 && port === undefined) return [];
  if (trunkings.length === 0 && port !== undefined && more.length === 0)
    return [about(`vlan show dev ${port}`, (docs) => observePortVlans(port, docs))];
  const read = (documents: readonly unknown[]): Seen => {
    const members = observeMembers(documents);
    const facts = members.filter((member) => ports.includes(member.port));
    return { ...NOTHING_SEEN, facts, members: trunkings.length > 0 ? members : [] };
  };
  return [{ line: "vlan show", read }];
};

/** What to ask bridge(8) about ports of guests, and about uplinks that follow them. */
export const bridgeQuestions = (ports: readonly IfName[], scope: Scope): readonly Question[] => [
  ...aboutVlans(ports, scope),
  ...ports.map((dev) => about(`fdb show dev ${dev}`, (documents) => observeFdb(dev, documents))),
  ...aboutFlags(ports),
];
