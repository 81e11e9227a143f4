import { hostname } from "node:os";
import { targetOf, toDestination } from "../../files/destination.ts";
import { makeDirectory, writeChanged, writeProduct } from "../../files/write-file.ts";
import { renderSvg } from "../../diagram/svg.ts";
import { type Port, toNetworks } from "../../diagram/topology.ts";
import { ROUTED } from "../../guest/kinds/routed.ts";
import type { LinkReading } from "../../doctor/host-readings.ts";
import type { Host } from "../../kernel/host.ts";
import type { AskedHost } from "../../kernel/observe/observe.ts";
import { asList, asObject, asText } from "../../kernel/facts/json.ts";
import { wrongWith } from "../../survey/describe-drift.ts";
import { shareAnswers } from "../../survey/shared-answers.ts";
import { type ReadDomain, type Survey, survey } from "../../survey/survey.ts";
import { readLinks } from "./doctor/read-links.ts";
import { openThisHost, readGuests } from "./this-host.ts";
import { reportWrong } from "./plan/plan.ts";
import { type HostCode, onEachHost, worstOf } from "./hosts/each-host.ts";
import type { ManyHosts } from "./hosts/host-options.ts";
import type { OpenHost } from "./hosts/open-host.ts";
import { renderResults } from "./hosts/results-table.ts";

const ALL_ENDS_MS = 30_000;

const portsOf = ({ guests }: Survey): readonly Port[] =>
  guests.flatMap((guest) =>
    guest.kind === "invalid"
      ? []
      : guest.nics.map(({ nic, state }) => ({
          guest: guest.name,
          nic: nic.tap,
          attachment: nic.attachment,
          wrong: wrongWith(state),
        })),
  );

/** Devices that the host's default routes go out by: how routed guests are reached. */
const defaultDevices = async ({ run }: Host): Promise<readonly string[]> => {
  const shown = await Promise.all(
    ["-4", "-6"].map((family) => run("ip", ["-json", family, "route", "show", "default"])),
  );
  const routes = shown.flatMap(({ code, stdout }) =>
    code === 0 && stdout.trim() !== "" ? asList(JSON.parse(stdout)) : [],
  );
  return [...new Set(routes.flatMap((route) => asText(asObject(route)["dev"]) ?? []))];
};

const uplinksOf = (
  links: readonly LinkReading[],
  routed: readonly string[],
): ReadonlyMap<string, readonly string[]> => {
  const all = new Map<string, readonly string[]>([[ROUTED, routed]]);
  for (const { name, bridge } of links) {
    if (bridge === null) continue;
    all.set(
      name,
      links.flatMap((link) => (link.master === name && link.kind !== "tun" ? [link.name] : [])),
    );
  }
  return all;
};

/** `2026-11-27 05:51 UTC`. */
const dateText = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** A host's picture, and guests that are not in it because their metadata cannot be read. */
export interface Picture {
  readonly svg: string;
  readonly unreadable: readonly string[];
}

/** Draws guests of a host. @param title its name */
const draw = async (domains: readonly ReadDomain[], host: AskedHost, title: string): Promise<Picture> => {
  const [seen, links, routed] = await Promise.all([
    survey(domains, host),
    readLinks(host),
    defaultDevices(host),
  ]);
  const heading = { title, date: dateText(new Date()) };
  return {
    svg: renderSvg(toNetworks(portsOf(seen), uplinksOf(links, routed)), heading),
    unreadable: seen.guests.flatMap((guest) =>
      guest.kind === "invalid" ? guest.reasons.map((reason) => `guest ${guest.name}: ${reason}`) : [],
    ),
  };
};

/** Draws guests of another host. @param names guests, which may run on other hosts; none for all */
export const drawHost = async (names: readonly string[], open: OpenHost, title: string): Promise<Picture> => {
  const all = await readGuests([], open);
  const domains = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  return open.look((host) => draw(domains, host, title));
};

/** Returns the name of a host's file: a URI may be its label. */
const fileOf = (host: string): string => `${host.replaceAll(/[^\w.@-]+/g, "_")}.svg`;

/** `guestnet diagram` of several hosts: a file for each. @returns the worst exit code of all */
export const diagramOfHosts = async (
  names: readonly string[],
  { output, ...hosts }: ManyHosts & { readonly output: string | null },
): Promise<HostCode> => {
  const answers = await onEachHost("diagram", hosts, (open, host) => drawHost(names, open, host));
  const to = toDestination(output, answers.length > 1);
  if (to.kind === "directory") makeDirectory(to.path);
  for (const answer of answers) {
    if (answer.kind !== "seen") continue;
    if (to.kind === "stdout") process.stdout.write(answer.value.svg);
    else writeChanged(targetOf(to, fileOf(answer.host)), answer.value.svg);
  }
  process.stderr.write(
    renderResults(
      answers,
      ({ unreadable }) => ({
        text: "drawn",
        state: unreadable.length === 0 ? "good" : "bad",
        below: unreadable,
      }),
      { colour: false },
    ),
  );
  return worstOf(answers, ({ unreadable }) => (unreadable.length === 0 ? 0 : 1));
};

/** `guestnet diagram`: the running guests and their networks as SVG, with drift marked. */
export const diagramCommand = async (
  names: readonly string[],
  uri: string,
  output: string | null,
): Promise<0 | 1> => {
  const live = openThisHost("diagram", uri, ALL_ENDS_MS);
  const domains = await readGuests(names, live);
  const { svg, unreadable } = await draw(domains, shareAnswers(live.host), hostname());
  reportWrong(unreadable);
  writeProduct(toDestination(output, false), "host.svg", svg);
  return unreadable.length > 0 ? 1 : 0;
};
