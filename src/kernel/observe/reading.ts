import { type Answers, type AskingTool, type Query, type Question, questionLine } from "../facts/question.ts";
import { type Device, deviceQuestion, parseDevice } from "../facts/device.ts";
import { type Fact, factKinds } from "../facts/fact.ts";
import { type FoundRoute, lookupQueries } from "../facts/route/found-route.ts";
import { unlockableQueries } from "../facts/port/port-flag.ts";
import { ALL_PORT_VLANS, type PortVlanFact } from "../facts/port/port-vlan.ts";
import type { Scope } from "../facts/scope.ts";
import type { IfName } from "../../values/names.ts";

/** Answers of ip(8) or bridge(8), as facts and devices. */
export interface Reading {
  readonly facts: readonly Fact[];
  readonly devices: readonly Device[];
  readonly routes: readonly FoundRoute[];
  /** The VLANs of all ports of the host, if a fact requires them. */
  readonly members: readonly PortVlanFact[];
  /** Ports that this kernel, or this iproute2, cannot lock. */
  readonly unlockable: readonly IfName[];
}

export const NOTHING_READ: Reading = { facts: [], devices: [], routes: [], members: [], unlockable: [] };

/** A tool's queries, by what they find. */
type Queries = { readonly [K in keyof Reading]: readonly Query<Reading[K][number]>[] };

/** Everything to ask a tool about a scope. Each question names its device, so that the cost does not grow with the guests of the host. */
const queriesFor = (tool: AskingTool, scope: Scope): Queries => {
  const own = <T>(queries: readonly Query<T>[]) => queries.filter((query) => query.tool === tool);
  const devices = scope.links.map((dev) => ({
    ...deviceQuestion(dev),
    read: (documents: readonly unknown[]) => documents.map(parseDevice),
  }));
  return {
    routes: own(scope.lookups.flatMap(lookupQueries)),
    facts: factKinds.flatMap(({ observe }) =>
      observe.from === "questions" ? own(observe.queries(scope)) : [],
    ),
    members: own(scope.trunkings.length > 0 ? [ALL_PORT_VLANS] : []),
    unlockable: own(unlockableQueries(scope)),
    devices: own(devices),
  };
};

/**
 * Each question once, however many read its answer. Links come last: `link show` leaves its packet family behind in the process
 * (iproute2 6.1, ip/ipaddress.c), and an address or a route asked for after it is not shown.
 */
const inTurn = (queries: Queries): readonly Question[] => {
  const all = Object.values(queries).flat();
  const once = [...new Map(all.map((one): [string, Question] => [questionLine(one), one])).values()];
  return [
    ...once.filter(({ object }) => object !== "link"),
    ...once.filter(({ object }) => object === "link"),
  ];
};

/** Everything to ask a tool about a scope, and how its answers are read. */
export interface Inquiry {
  readonly questions: readonly Question[];
  /** Reads the answers; one that failed is about a device that is not there, and comes to nothing. */
  readonly read: (answers: Answers) => Reading;
}

export const inquire = (tool: AskingTool, scope: Scope): Inquiry => {
  const queries = queriesFor(tool, scope);
  const questions = inTurn(queries);
  const read = (answers: Answers): Reading => {
    const answered = new Map(questions.map((one, index) => [questionLine(one), answers[index] ?? null]));
    const readAll = <T>(own: readonly Query<T>[]): readonly T[] =>
      own.flatMap((query) => {
        const documents = answered.get(questionLine(query)) ?? null;
        return documents === null ? [] : query.read(documents);
      });
    return {
      facts: readAll(queries.facts),
      devices: readAll(queries.devices),
      routes: readAll(queries.routes),
      members: readAll(queries.members),
      unlockable: readAll(queries.unlockable),
    };
  };
  return { questions, read };
};
