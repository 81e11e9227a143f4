import { hostname } from "node:os";
import { parseDomain } from "../../../libvirt/domain/parse-domain.ts";
import type { LiveDomain } from "../../../guest/nic.ts";
import type { Host, Run } from "../../../kernel/host.ts";
import { deadline } from "../../../run/deadline.ts";
import { ENVIRONMENT } from "../../../run/environment.ts";
import type { HostUri } from "../../../run/host-uri.ts";
import { runUntil } from "../../../run/run-child.ts";
import type { Virsh } from "../../../run/virsh.ts";
import { askCommonQuestions } from "../../../trace/observed/read-host.ts";
import { shareAnswers } from "../../../survey/shared-answers.ts";
import { Failure, isFailure } from "../../../values/failure.ts";
import { parseMac } from "../../../values/mac.ts";
import { parseUuid } from "../../../values/names.ts";
import { quoteWord } from "../../../values/shell-word.ts";
import { parseXml } from "../../../xml/parse.ts";
import { attribute, child, childrenOf, textOf, type XmlElement } from "../../../xml/tree.ts";
import { labelsOf, type OpenHost, openHost } from "../hosts/open-host.ts";
import { failingIfMissing, openThisHost } from "../this-host.ts";

/** A host whose guests a trace may meet. */
export interface TracedHost extends Pick<OpenHost, "look" | "run" | "virsh" | "close"> {
  readonly label: string;
  /** Runs programs side by side there, where {@link run} may run them one after the other. */
  readonly beside: Run;
  /** The guests that were asked for and exist there, by name. */
  readonly guests: ReadonlyMap<string, AskedGuest>;
}

/** A guest as virsh prints it: running or not. */
interface AskedGuest {
  readonly xml: XmlElement | null;
  /** A state of `virsh domstate`, such as `running`, `paused` and `shut off`. */
  readonly state: string;
}

/** A running guest, where it was found. */
export interface FoundGuest {
  readonly host: TracedHost;
  readonly domain: LiveDomain;
  readonly paused: boolean;
  /** MAC addresses of NICs whose link libvirt has down. */
  readonly unplugged: ReadonlySet<string>;
}

/** A word of virsh's own command line (vshCommandStringGetArg). */
const word = (name: string): string => name.replaceAll(/[^\w.+:-]/gu, String.raw`\$&`);

/** Names that virsh takes for an ID or a UUID first (virshLookupDomainInternal). */
const isAmbiguous = (name: string): boolean => /^\d+$/.test(name) || parseUuid(name) !== null;

/** The names by which virsh finds these guests, in the place of those that it takes for something else. */
const wordsFor = async (virsh: Virsh, names: readonly string[]): Promise<readonly string[]> => {
  if (!names.some(isAmbiguous)) return names;
  const { stdout } = await virsh("list", "--all", "--uuid", "--name");
  const uuids = new Map(
    [...stdout.matchAll(/^(\S+) +(.*)$/gm)].map(([, uuid = "", name = ""]) => [name.trim(), uuid]),
  );
  return names.flatMap((name) => (isAmbiguous(name) ? (uuids.get(name) ?? []) : [name]));
};

/**
 * Reads guests of these names in one process, however many guests there are: virsh goes on to the next command where one fails, as for
 * a name of no guest.
 */
export const readNamedGuests = async (
  virsh: Virsh,
  names: readonly string[],
): Promise<TracedHost["guests"]> => {
  const words = await wordsFor(virsh, names);
  if (words.length === 0) return new Map();
  const commands = words.flatMap((name) => [
    `dumpxml --domain ${word(name)}`,
    `domstate --domain ${word(name)}`,
  ]);
  const { stdout } = await virsh(commands.join("; "));
  const found = [...stdout.matchAll(/^(<domain [^]*?^<\/domain>)$\s*^(.*)$/gm)];
  return new Map(
    found.flatMap(([, text = "", state = ""]): (readonly [string, AskedGuest])[] => {
      const xml = parseXml(text);
      const name = textOf(child(xml, "name"));
      return names.includes(name) ? [[name, { xml, state: state.trim() }]] : [];
    }),
  );
};

const withGuests = async (
  label: string,
  open: Omit<TracedHost, "label" | "guests">,
  names: readonly string[],
): Promise<TracedHost> => {
  try {
    return { label, ...open, guests: await readNamedGuests(open.virsh, names) };
  } catch (error) {
    await open.close();
    throw error;
  }
};

/** timeout(1) hands a SIGTERM on to the program that it runs. A SIGKILL would leave that program running. */
const besideHere = (ms: number): Run =>
  failingIfMissing(runUntil(deadline(Date.now() + ms), ENVIRONMENT, "SIGTERM"));

/** Every program is asked once, and those whose questions are the same for each trace at once: libvirt takes as long as they do. */
const openHere = (uri: string, ms: number, names: readonly string[]): Promise<TracedHost> => {
  const { host, virsh } = openThisHost("trace", uri, ms);
  const shared = shareAnswers(host satisfies Host);
  askCommonQuestions(shared);
  const look: OpenHost["look"] = (work) => work(shared);
  const { run } = host;
  const close = (): Promise<void> => Promise.resolve();
  return withGuests(hostname(), { look, run, beside: besideHere(ms), virsh, close }, names);
};

/** A chain of one program has a session of its own. */
const besideBy =
  ({ chain }: OpenHost): Run =>
  async (file, args, stdin = "") => {
    const [ran] = await chain([{ file, args, stdin }]);
    if (ran === undefined) throw new Error(`${file} was not run`);
    return ran;
  };

const openThere = async (
  label: string,
  uri: HostUri,
  ms: number,
  names: readonly string[],
): Promise<TracedHost> => {
  const open = await openHost("trace", uri, ms);
  const beside = uri.way.kind === "here" ? besideHere(ms) : besideBy(open);
  return withGuests(label, { ...open, beside }, names);
};

/** The hosts that answer, and why others do not. */
export interface OpenHosts {
  readonly hosts: readonly TracedHost[];
  readonly silent: readonly Failure[];
}

/**
 * Opens this host and those that are named, all at the same time.
 *
 * @param uri this host's libvirt
 * @param names of the guests that matter
 */
export const openHosts = async (
  uri: string,
  uris: readonly HostUri[],
  ms: number,
  names: readonly string[],
): Promise<OpenHosts> => {
  const labels = labelsOf(uris);
  const isNamed = uris.some(({ way }) => way.kind === "here");
  const opened = await Promise.allSettled([
    ...(isNamed ? [] : [(async () => openHere(uri, ms, names))()]),
    ...uris.map((one, at) => openThere(labels[at] ?? one.text, one, ms, names)),
  ]);
  const hosts = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.flatMap((one) => (one.status === "rejected" ? [one] : []));
  for (const { reason } of failed) {
    if (isFailure(reason)) continue;
    await Promise.all(hosts.map(({ close }) => close()));
    throw reason;
  }
  const silent = failed.flatMap(({ reason }) => (isFailure(reason) ? [reason] : []));
  return { hosts, silent };
};

const unpluggedIn = (domain: XmlElement | null): ReadonlySet<string> =>
  new Set(
    childrenOf(child(domain, "devices"), "interface").flatMap((one) => {
      const down = attribute(child(one, "link"), "state") === "down";
      return down ? (parseMac(attribute(child(one, "mac"), "address") ?? "") ?? []) : [];
    }),
  );

const NOT_RUNNING: ReadonlySet<string> = new Set(["shut off", "crashed"]);

/** A guest of one name on one host, as virsh prints it. */
export type GuestOnHost = AskedGuest & { readonly host: TracedHost };

/** Returns the running guest among those of one name on several hosts; null where it runs on none. */
export const runningAmong = (name: string, guests: readonly GuestOnHost[]): FoundGuest | null => {
  const running = guests.filter(({ state }) => !NOT_RUNNING.has(state));
  // While it moves, it is paused on one of two hosts.
  const found = running.find(({ state }) => state !== "paused") ?? running[0];
  if (found === undefined) return null;
  const { host, xml, state } = found;
  const domain = parseDomain(xml);
  if (!domain.ok)
    throw new Failure(
      `cannot read guest ${name}: ${domain.problems.join("; ")}`,
      `guestnet status ${quoteWord(name)}`,
    );
  return { host, domain: domain.value, paused: state === "paused", unplugged: unpluggedIn(xml) };
};

/** Returns a running guest of this name; null where none of the hosts runs it. */
export const findGuest = (name: string, hosts: readonly TracedHost[]): FoundGuest | null =>
  runningAmong(
    name,
    hosts.flatMap((host) => {
      const guest = host.guests.get(name);
      return guest === undefined ? [] : [{ host, ...guest }];
    }),
  );
