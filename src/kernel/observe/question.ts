import type { AskingTool } from "../facts/answers.ts";
import type { Fact, PortVlanFact } from "../facts/fact.ts";
import type { FoundRoute } from "../facts/found-route.ts";
import type { Link } from "../facts/link.ts";
import type { IfName } from "../../values/names.ts";

/** What the answers of a tool come to. */
export interface Seen {
  readonly links: readonly Link[];
  readonly facts: readonly Fact[];
  readonly routes: readonly FoundRoute[];
  /** The VLANs of all ports of the host, where somebody asked. */
  readonly members: readonly PortVlanFact[];
  /** Ports that this kernel, or this iproute2, cannot lock. */
  readonly unlockable: readonly IfName[];
}

export const NOTHING_SEEN: Seen = { links: [], facts: [], members: [], routes: [], unlockable: [] };

/** A line for a batch, and how its answer is read. */
export interface Question {
  readonly line: string;
  readonly read: (documents: readonly unknown[]) => Seen;
}

export type Questions = Readonly<Record<AskingTool, readonly Question[]>>;

/** A question whose answer is facts. */
export const about = (line: string, read: (documents: readonly unknown[]) => readonly Fact[]): Question => ({
  line,
  read: (documents) => ({ ...NOTHING_SEEN, facts: read(documents) }),
});
