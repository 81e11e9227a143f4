import type { IfName } from "../../../values/names.ts";
import { bridge, sysfs, type Undoable } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { membersOf } from "../../../values/json.ts";
import type { Query, Question } from "../question.ts";
import type { Scope } from "../scope.ts";

/** The flags of a bridge port that guestnet sets (bridge(8), "bridge link set"). */
export const PORT_FLAGS = ["isolated", "learning", "locked", "guard", "root_block"] as const;
export type PortFlag = (typeof PORT_FLAGS)[number];

export interface PortFlagFact {
  readonly kind: "port-flag";
  readonly port: IfName;
  readonly flag: PortFlag;
  readonly on: boolean;
}

/** Reads what `bridge -details -json link show dev PORT` prints. A flag that this kernel does not have is off. */
export const observePortFlags = (port: IfName, documents: readonly unknown[]): readonly PortFlagFact[] =>
  documents
    .map(membersOf)
    .flatMap((json) =>
      PORT_FLAGS.map((flag): PortFlagFact => ({ kind: "port-flag", port, flag, on: json[flag] === true })),
    );

/** Returns the port, if there is exactly one and the same answer lacks `locked`. */
export const observeUnlockable = (port: IfName, documents: readonly unknown[]): readonly IfName[] =>
  documents.map(membersOf).some((json) => "learning" in json && !("locked" in json)) ? [port] : [];

/** The kernel walks all ports of the host for it, even if one is named: several ports are one question. */
const portQueries = <T>(
  { ports }: Scope,
  read: (port: IfName, documents: readonly unknown[]) => readonly T[],
): readonly Query<T>[] => {
  const [port, ...more] = ports;
  const question: Question = { tool: "bridge", object: "link", verb: "show", dev: null, args: "" };
  if (port === undefined) return [];
  if (more.length === 0) return [{ ...question, dev: port, read: (documents) => read(port, documents) }];
  const readAll = (documents: readonly unknown[]) =>
    ports.flatMap((one) =>
      read(
        one,
        documents.filter((json) => membersOf(json)["ifname"] === one),
      ),
    );
  return [{ ...question, read: readAll }];
};

/** Asks which ports this kernel, or this iproute2, cannot lock. */
export const unlockableQueries = (scope: Scope): readonly Query<IfName>[] =>
  portQueries(scope, observeUnlockable);

const words = ({ flag, on }: PortFlagFact): string => `${flag} ${on ? "on" : "off"}`;

/**
 * A locked port accepts every address that has a forwarding entry for it, even a learned one (br_handle_frame_finish, net/bridge/br_input.c):
 * what it has learned while it was open would pass until it ages. This removes dynamic entries alone (br_fdb_delete_by_port).
 */
export const forgetLearned = (port: IfName): readonly Undoable[] => [
  sysfs({ name: `class/net/${port}/brport/flush`, value: "1" }),
];

export const portFlag: FactKind<PortFlagFact> = {
  key: ({ port, flag }) => `${port} ${flag}`,
  device: ({ port }) => port,
  slot: () => "set port-flag",
  joins: (before, next) => before.port === next.port,
  // Not `ip link set type bridge_slave`: the VLANs need bridge(8) anyway, and a process costs more than all its lines.
  add: (facts) => [bridge(`link set dev ${facts[0].port} ${facts.map(words).join(" ")}`)],
  describe: (facts) => `${facts.map(words).join(", ")} for ${facts[0].port}`,
  observe: { from: "questions", queries: (scope) => portQueries(scope, observePortFlags) },
};
