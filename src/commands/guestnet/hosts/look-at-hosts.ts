import { listPaused, listRunning, readPaused } from "../../../run/virsh.ts";
import type { AskedHost } from "../../../kernel/observe/observe.ts";
import { Failure } from "../../../values/failure.ts";
import { type Conflict, conflictsOf, type PlacedGuest } from "../../../survey/conflicts.ts";
import { type Move, movesOf } from "../../../survey/moves.ts";
import { askCommon, SURVEY_PROGRAMS } from "../../../survey/prefetched.ts";
import { survey } from "../../../survey/survey.ts";
import { readTraffic } from "../../../survey/traffic.ts";
import { readGuests } from "../this-host.ts";
import type { HostStatus } from "../status/host-status.ts";
import { eachHost, type Hosts } from "./each-host.ts";
import type { Prefetch, OpenHost } from "./open-host.ts";

/** The result of one host, and what was read beside it. */
export type Asked<B = unknown> =
  | {
      readonly kind: "seen";
      readonly host: string;
      readonly uri: string;
      readonly status: HostStatus;
      /** UUIDs of paused guests; none unless a guest was seen on two hosts. */
      readonly paused: ReadonlySet<string>;
      readonly beside: B;
    }
  | { readonly kind: "silent"; readonly host: string; readonly uri: string; readonly why: string };

/** All hosts that were asked, in the order in which they were named, and moves and conflicts between them. */
export interface HostsStatus<B = unknown> {
  readonly hosts: readonly Asked<B>[];
  readonly moves: readonly Move[];
  readonly conflicts: readonly Conflict[];
}

/** The guests to find, and the hosts to query. */
export interface HostsQuery<B> extends Hosts {
  /** The command, for messages. */
  readonly what: string;
  /** Guests, or none for all. */
  readonly names: readonly string[];
  /** Reads more of a host, at the same time. */
  readonly beside: (kernel: AskedHost) => Promise<B>;
}

const lookAtHost = async <B>(
  open: OpenHost,
  { names, beside }: HostsQuery<B>,
  isPausedAsked: boolean,
): Promise<Pick<Extract<Asked<B>, { readonly kind: "seen" }>, "status" | "paused" | "beside">> => {
  const [all, paused, traffic] = await Promise.all([
    readGuests([], open),
    isPausedAsked ? readPaused(open.virsh) : [],
    readTraffic(open.run),
  ]);
  const domains = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  let common: Promise<void> | null = null;
  const [seen, more] = await open.look(async (kernel) => {
    await (common ??= askCommon(kernel));
    return Promise.all([survey(domains, kernel), beside(kernel)]);
  });
  return { status: { survey: seen, traffic }, paused: new Set(paused), beside: more };
};

const guestsOf = (asked: Asked): readonly PlacedGuest[] =>
  asked.kind === "silent"
    ? []
    : asked.status.survey.guests.flatMap((guest) => {
        if (guest.kind === "invalid") return [];
        const { domain } = guest;
        return [{ host: asked.host, domain, paused: asked.paused.has(domain.uuid) }];
      });

const lookOnce = async <B>(query: HostsQuery<B>, isPausedAsked: boolean): Promise<HostsStatus<B>> => {
  const prefetch: Prefetch = (uri) => [
    listRunning(uri),
    ...(isPausedAsked ? [listPaused(uri)] : []),
    ...SURVEY_PROGRAMS,
  ];
  const answers = await eachHost(query.what, { ...query, prefetch }, (open) =>
    lookAtHost(open, query, isPausedAsked),
  );
  const hosts = answers.map((answer): Asked<B> =>
    answer.kind === "silent" ? answer : { ...answer, ...answer.value },
  );
  const guests = hosts.flatMap(guestsOf);
  return { hosts, moves: movesOf(guests), conflicts: conflictsOf(guests) };
};

const refuseUnknown = (names: readonly string[], { hosts }: HostsStatus): void => {
  const seen = hosts.flatMap((asked) =>
    asked.kind === "silent"
      ? []
      : [...asked.status.survey.guests.map(({ name }) => name), ...asked.status.survey.others],
  );
  const missing = names.filter((name) => !seen.includes(name));
  const silent = hosts.filter(({ kind }) => kind === "silent").map(({ host }) => host);
  const but = silent.length === 0 ? "" : `; no answer from ${silent.join(", ")}`;
  if (missing.length > 0) {
    throw new Failure(
      `cannot find ${missing.map((name) => `guest ${name}`).join(", ")}: running on none of the hosts${but}`,
      "name guests that run, or none for all",
    );
  }
};

/** Asks all hosts at the same time. Rejects with a Failure when a guest of the names runs on none of them. */
export const lookAtHosts = async <B>(query: HostsQuery<B>): Promise<HostsStatus<B>> => {
  const isTwice = ({ conflicts }: HostsStatus): boolean => conflicts.some(([{ kind }]) => kind === "guest");
  const first = await lookOnce(query, false);
  // Whether a guest is paused matters only for one that two hosts have.
  const second = isTwice(first) ? await lookOnce(query, true) : first;
  // One that switched over between the queries of two hosts was seen to run twice: a further look resolves it.
  const status = isTwice(second) ? await lookOnce(query, true) : second;
  refuseUnknown(query.names, status);
  return status;
};
