import { hostname } from "node:os";
import { parseDomain } from "../../../libvirt/domain/parse-domain.ts";
import type { LiveDomain } from "../../../guest/nic.ts";
import type { Host } from "../../../kernel/host.ts";
import type { HostUri } from "../../../run/host-uri.ts";
import { saidBy, type Virsh } from "../../../run/virsh.ts";
import { shareAnswers } from "../../../survey/shared-answers.ts";
import { Failure, isFailure } from "../../../values/failure.ts";
import { parseMac } from "../../../values/mac.ts";
import { parseXml } from "../../../xml/parse.ts";
import { attribute, child, childrenOf, type XmlElement } from "../../../xml/tree.ts";
import { labelsOf, type OpenHost, openHost } from "../hosts/open-host.ts";
import { openThisHost } from "../this-host.ts";

/** A host whose guests a trace may meet. */
export interface TracedHost extends Pick<OpenHost, "look" | "run" | "virsh" | "close"> {
  readonly label: string;
  /** The UUIDs of its running guests, by name, and of those that are paused. */
  readonly running: ReadonlyMap<string, string>;
  readonly paused: ReadonlySet<string>;
}

/** A running guest, where it was found. */
export interface FoundGuest {
  readonly host: TracedHost;
  readonly domain: LiveDomain;
  readonly paused: boolean;
  /** MAC addresses of NICs whose link libvirt has down. */
  readonly unplugged: ReadonlySet<string>;
}

/** Both lists in one process: the running guests with their names, and the paused ones without. */
const listGuests = async (virsh: Virsh): Promise<Pick<TracedHost, "running" | "paused">> => {
  const ran = await virsh("list --uuid --name; list --uuid --state-paused");
  if (ran.code !== 0) throw new Failure(`cannot list guests: ${saidBy(ran)}`, "virsh list --all");
  const lines = ran.stdout.split("\n").map((line) => line.trim());
  const named = lines.flatMap((line) => {
    const [, uuid, name] = /^(\S+) +(.+)$/.exec(line) ?? [];
    return uuid === undefined || name === undefined ? [] : [[name, uuid] as const];
  });
  return { running: new Map(named), paused: new Set(lines.filter((line) => /^\S+$/.test(line))) };
};

const withGuests = async (
  label: string,
  open: Pick<OpenHost, "look" | "run" | "virsh" | "close">,
): Promise<TracedHost> => {
  try {
    return { label, ...open, ...(await listGuests(open.virsh)) };
  } catch (error) {
    await open.close();
    throw error;
  }
};

const openHere = (uri: string, ms: number): Promise<TracedHost> => {
  const { host, virsh } = openThisHost("trace", uri, ms);
  const look: OpenHost["look"] = (work) => work(shareAnswers(host satisfies Host));
  return withGuests(hostname(), { look, run: host.run, virsh, close: () => Promise.resolve() });
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
 */
export const openHosts = async (uri: string, uris: readonly HostUri[], ms: number): Promise<OpenHosts> => {
  const labels = labelsOf(uris);
  const isNamed = uris.some(({ way }) => way.kind === "here");
  const opened = await Promise.allSettled([
    ...(isNamed ? [] : [(async () => openHere(uri, ms))()]),
    ...uris.map(async (one, at) => withGuests(labels[at] ?? one.text, await openHost("trace", one, ms))),
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

/** Reads a running guest of this name. @returns null where none of the hosts runs it */
export const findGuest = async (name: string, hosts: readonly TracedHost[]): Promise<FoundGuest | null> => {
  const host = hosts.find(({ running }) => running.has(name));
  const uuid = host?.running.get(name);
  if (host === undefined || uuid === undefined) return null;
  const ran = await host.virsh("dumpxml", "--domain", uuid);
  if (ran.code !== 0) throw new Failure(`cannot read guest ${name}: ${saidBy(ran)}`, "virsh list --all");
  const root = parseXml(ran.stdout);
  const domain = parseDomain(root);
  if (!domain.ok)
    throw new Failure(`cannot read guest ${name}: ${domain.problems.join("; ")}`, `guestnet status ${name}`);
  return { host, domain: domain.value, paused: host.paused.has(uuid), unplugged: unpluggedIn(root) };
};
