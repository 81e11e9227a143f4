import { expect } from "@jest/globals";
import type { Background, Machine } from "../../../lab/lab.ts";
import { GUEST, neighbour } from "./moved-ports.ts";
import { answers } from "../traffic/ping.ts";
import type { TwoHosts } from "../hosts/two-hosts.ts";

/** By this their requests are told from those of other pings. */
const IDENTIFIER = "4220";
const ICMP = new RegExp(` (\\S+) > (\\S+): ICMP echo (request|reply), id ${IDENTIFIER}, seq (\\d+),`);

/** Who asks the guest, and with which address: see `neighbour`. */
export interface Neighbour {
  readonly machine: Machine;
  readonly address: string;
}

/** Adds one neighbour each on the switch, on h1 and on h2. */
export const addNeighbours = async ({ middle, h1, h2 }: TwoHosts): Promise<readonly Neighbour[]> => {
  const rows = [
    { machine: middle, bridge: "sw0", address: "10.20.0.254" },
    { machine: h1.machine, bridge: "br0", address: "10.20.0.101" },
    { machine: h2.machine, bridge: "br0", address: "10.20.0.102" },
  ];
  for (const { machine, bridge, address } of rows) await neighbour(machine, bridge, address);
  return rows;
};

/** What came of a neighbour's requests, 20 in a second. */
export interface Asked {
  readonly address: string;
  /** The numbers of those that were answered, sooner or later. */
  readonly answered: ReadonlySet<number>;
  /** The greatest of them. */
  readonly last: number;
}

/** Neighbours that ask the guest all the time. */
export interface Asking {
  /** Waits until each has been answered once more, or the guest stands still, and ends. */
  stop(): Promise<readonly Asked[]>;
  /** Ends, whatever comes of it. */
  abandon(): Promise<void>;
}

const upTo = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

/** Waits until the guest answers each of them, and has them ask on. */
export const startAsking = async (neighbours: readonly Neighbour[]): Promise<Asking> => {
  const pings: Background[] = [];
  const end = () => Promise.all(pings.splice(0).map((ping) => ping.stop()));
  const answered = (machine: Machine): Promise<boolean> => answers(machine, GUEST.address, "-I nb0");
  for (const { machine, address } of neighbours) {
    // A moved guest may stand still for a minute on a loaded machine.
    for (let tries = 0; tries < 4 && !(await answered(machine)); tries += 1);
    expect([address, await answered(machine)]).toEqual([address, true]);
  }
  for (const { machine } of neighbours)
    pings.push(
      await machine.background(["ping", "-i", "0.05", "-e", IDENTIFIER, "-I", "nb0", GUEST.address]),
    );
  return {
    async stop() {
      // A guest that stands still is silent at its own tap as well: what it does say there must be heard (see expectHandover).
      for (const { machine } of neighbours) if (!(await answered(machine))) break;
      const outputs = await end();
      return neighbours.map(({ address }, index) => {
        const heard = outputs[index]?.stdout.matchAll(/bytes from .*icmp_seq=(\d+)/g) ?? [];
        const answered = new Set([...heard].map(([, number]) => Number(number)));
        return { address, answered, last: Math.max(0, ...answered) };
      });
    },
    async abandon() {
      await end();
    },
  };
};

/** The numbers of the requests that were not answered, though a later one was. */
export const lostOf = ({ answered, last }: Asked): readonly number[] =>
  upTo(1, last).filter((number) => !answered.has(number));

/** Fails unless each request was answered: they wait, and none is lost. */
export const expectNoneLost = (all: readonly Asked[]): void => {
  for (const asked of all) expect(asked.answered.size).toBeGreaterThan(0);
  expect(all.map((asked) => [asked.address, lostOf(asked)])).toEqual(all.map(({ address }) => [address, []]));
};

/** What tcpdump has printed with `-tt`. */
export interface Heard {
  /** At the guest's tap on the destination. */
  readonly tap: readonly string[];
  /** At the source's uplink. */
  readonly sourceUplink: readonly string[];
}

const timeOf = (line: string | undefined): number => Number(line?.split(" ")[0]);

interface Seen {
  readonly at: number;
  readonly number: number;
}

/** A neighbour's requests, and the guest's replies to them, of what tcpdump has printed. */
const exchangeOf = (
  lines: readonly string[],
  neighbour: string,
): { readonly requests: readonly Seen[]; readonly replies: readonly Seen[] } => {
  const seen = (...[from, to, kind]: readonly [string, string, string]): readonly Seen[] =>
    lines.flatMap((line) => {
      const [, source, target, found, number] = ICMP.exec(line) ?? [];
      return source === from && target === to && found === kind
        ? [{ at: timeOf(line), number: Number(number) }]
        : [];
    });
  return {
    requests: seen(neighbour, GUEST.address, "request"),
    replies: seen(GUEST.address, neighbour, "reply"),
  };
};

/** When QEMU announced the guest on the destination, in seconds since the epoch. */
export const announcedAt = ({ tap }: Heard): number =>
  timeOf(tap.find((line) => line.includes("Reverse ARP")));

/** When each neighbour's first request came to the guest's tap on the destination. */
export const arrivedAt = (all: readonly Asked[], { tap }: Heard): readonly number[] =>
  all.map(({ address }) => exchangeOf(tap, address).requests[0]?.at ?? NaN);

/**
 * Fails unless the guest was handed over: each request went to one host, to the source before and to the destination afterwards, and
 * what the guest said there was heard. Only those were lost on the way which came while it ran nowhere, or were sent by the source's
 * neighbour while its host took the guest to be there still. How soon the guest answers is its own affair: QEMU's emulated processor
 * does not always go on at once.
 *
 * @param source the address of the neighbour on the source
 */
export const expectHandover = (all: readonly Asked[], heard: Heard, source: string): void => {
  const began = timeOf(heard.tap.find((line) => line.split(" ")[1] === GUEST.mac));
  const announced = announcedAt(heard);
  expect([began, announced].filter(Number.isNaN)).toEqual([]);
  const found = all.map((asked) => {
    const { address, answered, last } = asked;
    const { requests, replies } = exchangeOf(heard.tap, address);
    const numbers = new Set(requests.map(({ number }) => number));
    const first = requests[0]?.number ?? 0;
    const lost = lostOf(asked).filter((number) => number < first);
    const behind = exchangeOf(heard.sourceUplink, address).requests.filter(({ at }) => at > announced);
    return {
      address,
      arrived: first > 0,
      // Into a tap that nobody reads.
      tooEarly: requests.filter(({ at }) => at < began).map(({ number }) => number),
      elsewhere: upTo(first, last).filter((number) => !numbers.has(number)),
      unheard: replies
        .map(({ number }) => number)
        .filter((number) => number <= last && !answered.has(number)),
      lostBefore: lost.filter((number, index) => number !== first - lost.length + index),
      // One may have been on its way to the source when the switch learned better. What its own neighbour sends there leaves it.
      behind: address === source ? [] : behind.slice(1).map(({ number }) => number),
    };
  });
  const none: readonly number[] = [];
  const right = {
    arrived: true,
    tooEarly: none,
    elsewhere: none,
    unheard: none,
    lostBefore: none,
    behind: none,
  };
  expect(found).toEqual(all.map(({ address }) => ({ address, ...right })));
};
