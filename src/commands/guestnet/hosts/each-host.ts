import { isFailure } from "../../../values/failure.ts";
import type { HostUri } from "../../../run/host-uri.ts";
import { whileShowing } from "../progress.ts";
import { type Prefetch, labelsOf, type OpenHost, openHost } from "./open-host.ts";

/** What one of several hosts came to: its value, or why there is none. */
export type HostAnswer<T> = { readonly host: string; readonly uri: string } & (
  | { readonly kind: "seen"; readonly value: T }
  | { readonly kind: "silent"; readonly why: string; readonly hint: string }
);

/** Hosts, and how they are reached. */
export interface Hosts {
  readonly uris: readonly HostUri[];
  /** Time limit for each host. */
  readonly ms: number;
  /** Time limit for connecting, if it is shorter. */
  readonly connectMs?: number;
  readonly connect: typeof openHost;
  /** Programs that are asked for on each host. */
  readonly prefetch?: Prefetch;
  /** Receives the number of hosts that have answered or failed. */
  readonly each?: (done: number) => void;
}

/** Work on one host, with its name in reports and its URI. */
type Work<T> = (open: OpenHost, host: string, uri: HostUri) => Promise<T>;

const askOne = async <T>(
  what: string,
  uri: HostUri,
  host: string,
  { ms, connectMs = ms, connect, prefetch }: Hosts,
  work: Work<T>,
): Promise<HostAnswer<T>> => {
  const named = { host, uri: uri.text };
  try {
    const open = await connect(what, uri, ms, connectMs, prefetch);
    try {
      return { ...named, kind: "seen", value: await work(open, host, uri) };
    } finally {
      await open.close();
    }
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { ...named, kind: "silent", why: error.message, hint: error.hint };
  }
};

/**
 * Does work on all hosts at the same time. A host that fails, hangs or dies ends its own work only, and has an answer of its own.
 *
 * @param what the command, for messages
 * @returns the answers in the order of the hosts
 */
export const eachHost = async <T>(
  what: string,
  hosts: Hosts,
  work: Work<T>,
): Promise<readonly HostAnswer<T>[]> => {
  const labels = labelsOf(hosts.uris);
  let done = 0;
  const all = await Promise.allSettled(
    hosts.uris.map(async (uri, at) => {
      try {
        return await askOne(what, uri, labels[at] ?? uri.text, hosts, work);
      } finally {
        hosts.each?.((done += 1));
      }
    }),
  );
  // An internal error ends the program when all hosts are through.
  return all.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
};

/** {@link eachHost} for a command, with a line of progress. */
export const onEachHost = <T>(
  what: string,
  {
    uris,
    timeout,
    connect = timeout,
  }: { readonly uris: readonly HostUri[]; readonly timeout: number; readonly connect?: number },
  work: Work<T>,
): Promise<readonly HostAnswer<T>[]> =>
  whileShowing(process.stderr, `0 of ${String(uris.length)} hosts`, (show) =>
    eachHost(
      what,
      {
        ...{ uris, ms: timeout * 1000, connectMs: connect * 1000, connect: openHost },
        each: (done) => {
          show(`${String(done)} of ${String(uris.length)} hosts`);
        },
      },
      work,
    ),
  );

/** The exit codes of hosts, from the worst to the best: it could not be done, there is something to do, as wanted. */
const FROM_WORST = [1, 2, 0] as const;
export type HostCode = (typeof FROM_WORST)[number];

/** Returns one exit code for all hosts, the worst. @param codeOf that of a host that answered; 1 for every other */
export const worstOf = <T>(answers: readonly HostAnswer<T>[], codeOf: (value: T) => HostCode): HostCode => {
  const codes = new Set(answers.map((one) => (one.kind === "silent" ? 1 : codeOf(one.value))));
  return FROM_WORST.find((code) => codes.has(code)) ?? 0;
};
