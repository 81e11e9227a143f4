import { macsOf, type Nic } from "../guest/nic.ts";
import type { UnmanagedNic } from "../guest/unmanaged-nic.ts";
import { type Answers, readAnswers } from "../kernel/facts/question.ts";
import type { Program, Run } from "../kernel/host.ts";
import { asList, asNumber, membersOf, asText, type JsonObject } from "../values/json.ts";

/** Traffic of a tap since its creation. Directions are the guest's own. */
export interface Counters {
  readonly sentFrames: number;
  readonly sentBytes: number;
  readonly receivedFrames: number;
  readonly receivedBytes: number;
  /** Frames for the guest that did not fit into the tap's queue: the guest does not fetch them. */
  readonly dropped: number;
}

/** A sender that the host has seen on a tap: an entry of its neighbour table, or an address that the bridge has learned. */
export type Heard =
  | {
      readonly kind: "neighbour";
      readonly address: string;
      readonly mac: string | null;
      readonly state: string;
    }
  | { readonly kind: "learned"; readonly mac: string; readonly vlan: number | null };

export interface Traffic {
  readonly counters: ReadonlyMap<string, Counters>;
  readonly heard: ReadonlyMap<string, readonly Heard[]>;
}

const count = (json: JsonObject, key: string): number => asNumber(json[key]) ?? 0;

/** Reads what `ip -json -statistics link show` prints. The host receives what the guest sends. */
export const toCounters = (documents: readonly unknown[]): Traffic["counters"] =>
  new Map(
    documents.map(membersOf).flatMap((link) => {
      const stats = membersOf(link["stats64"]);
      const [host, guest] = [membersOf(stats["rx"]), membersOf(stats["tx"])];
      const name = asText(link["ifname"]);
      if (name === null || link["stats64"] === undefined) return [];
      const counters: Counters = {
        sentFrames: count(host, "packets"),
        sentBytes: count(host, "bytes"),
        receivedFrames: count(guest, "packets"),
        receivedBytes: count(guest, "bytes"),
        dropped: count(guest, "dropped"),
      };
      return [[name, counters] as const];
    }),
  );

/** Reads the output of `ip -json neigh show`. Entries that the host itself added are no evidence of the guest. */
const neighbours = (documents: readonly unknown[]): readonly (readonly [string, Heard])[] =>
  documents.map(membersOf).flatMap((entry) => {
    const [dev, address] = [asText(entry["dev"]), asText(entry["dst"])];
    const state = asList(entry["state"]).map(String).join(" ");
    if (dev === null || address === null || /PERMANENT|NOARP|NONE/.test(state)) return [];
    return [[dev, { kind: "neighbour", address, mac: asText(entry["lladdr"]), state }] as const];
  });

/** Reads what `bridge -json fdb show` prints: what is static was put there, not learned. */
const learned = (documents: readonly unknown[]): readonly (readonly [string, Heard])[] =>
  documents.map(membersOf).flatMap((entry) => {
    const [dev, mac] = [asText(entry["ifname"]), asText(entry["mac"])];
    if (dev === null || mac === null || entry["state"] !== "" || asText(entry["master"]) === null) return [];
    return [[dev, { kind: "learned", mac, vlan: asNumber(entry["vlan"]) }] as const];
  });

/** The senders that the host has seen, by device. */
export const toHeard = (neigh: readonly unknown[], fdb: readonly unknown[]): Traffic["heard"] => {
  const all = new Map<string, Heard[]>();
  for (const [dev, one] of [...neighbours(neigh), ...learned(fdb)]) {
    const known = all.get(dev);
    if (known === undefined) all.set(dev, [one]);
    else known.push(one);
  }
  return all;
};

const COUNTED: Program = {
  ...{ file: "ip", args: ["-json", "-statistics", "-force", "-batch", "-"] },
  // Links come last, because `link show` leaves its packet family behind in the process (iproute2 6.1, ip/ipaddress.c).
  stdin: "neigh show\nlink show\n",
};
const ENTRIES: Program = { file: "bridge", args: ["-json", "-force", "-batch", "-"], stdin: "fdb show\n" };

/** The programs of {@link readTraffic}. */
export const TRAFFIC_PROGRAMS: readonly Program[] = [COUNTED, ENTRIES];

/** Asks the kernel, in two processes for all guests. What cannot be asked is not known. */
export const readTraffic = async (run: Run): Promise<Traffic> => {
  const ask = async ({ file, args, stdin }: Program): Promise<Answers> => {
    const { stdout, stderr } = await run(file, args, stdin);
    return readAnswers(stdout, stderr, [...stdin.trim().split("\n").keys()]);
  };
  const [[neighbours, links], [entries]] = await Promise.all([ask(COUNTED), ask(ENTRIES)]);
  return { counters: toCounters(links ?? []), heard: toHeard(neighbours ?? [], entries ?? []) };
};

/**
 * What the host has received from the guest: `unresponsive` has sent frames and does not answer now; `seen` has sent frames, and the
 * host has no way to ask. `unknown` is a NIC whose counters the host does not have.
 */
export type Activity = "reachable" | "seen" | "unresponsive" | "never seen" | "unknown";

/** A NIC with metadata of guestnet, or without. */
type AnyNic = Nic | UnmanagedNic;

const isOwn = (nic: AnyNic, heard: Heard): boolean =>
  heard.mac !== null && ("attachment" in nic ? macsOf(nic) : [nic.mac]).some((mac) => mac === heard.mac);

/** Returns the activity of the guest behind a tap: on a bridge the host sees only that it sends. */
export const activityOf = (nic: AnyNic, { counters, heard }: Traffic): Activity => {
  const counted = counters.get(nic.tap ?? "");
  if (counted === undefined) return "unknown";
  if (counted.sentFrames === 0) return "never seen";
  const neighbours = (heard.get(nic.tap ?? "") ?? []).flatMap((one) =>
    one.kind === "neighbour" ? [one] : [],
  );
  if (neighbours.some((one) => isOwn(nic, one) && one.state.includes("REACHABLE"))) return "reachable";
  const known = neighbours.filter((one) => isOwn(nic, one) && !/FAILED|INCOMPLETE/.test(one.state));
  if (known.length > 0) return "seen";
  return neighbours.length > 0 ? "unresponsive" : "seen";
};

/** Addresses that the host has seen from another MAC address than the guest's NIC: `192.0.2.9 at 52:54:00:66:66:66`. */
export const strangers = (nic: Nic, { heard }: Traffic): readonly string[] =>
  (heard.get(nic.tap) ?? []).flatMap((one) => {
    if (one.mac === null || isOwn(nic, one)) return [];
    const what =
      one.kind === "neighbour" ? one.address : one.vlan === null ? "a frame" : `VLAN ${String(one.vlan)}`;
    return [`${what} at ${one.mac}`];
  });
