import { hostname } from "node:os";
import { targetOf, toDestination } from "../../files/destination.ts";
import { makeDirectory, writeChanged } from "../../files/write-file.ts";
import { renderSvg } from "../../diagram/svg.ts";
import { type Port, toNetworks } from "../../diagram/topology.ts";
import { ROUTED } from "../../guest/kinds/routed.ts";
import type { LinkReading } from "../../doctor/host-readings.ts";
import type { Host } from "../../kernel/host.ts";
import { asList, asObject, asText } from "../../kernel/facts/json.ts";
import { wrongWith } from "../../survey/describe-drift.ts";
import { shareAnswers } from "../../survey/shared-answers.ts";
import { type Survey, survey } from "../../survey/survey.ts";
import { readLinks } from "./doctor/read-links.ts";
import { openThisHost, readGuests } from "./this-host.ts";
import { reportWrong } from "./plan/plan.ts";

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

/** `guestnet diagram`: the running guests and their networks as SVG, with drift marked. */
export const diagramCommand = async (
  names: readonly string[],
  uri: string,
  output: string | null,
): Promise<0 | 1> => {
  const live = openThisHost("diagram", uri, ALL_ENDS_MS);
  const domains = await readGuests(names, live);
  const [seen, links, routed] = await Promise.all([
    survey(domains, shareAnswers(live.host)),
    readLinks(live.host),
    defaultDevices(live.host),
  ]);
  const heading = { title: hostname(), date: dateText(new Date()) };
  const svg = renderSvg(toNetworks(portsOf(seen), uplinksOf(links, routed)), heading);
  const unreadable = seen.guests.flatMap((guest) =>
    guest.kind === "invalid" ? guest.reasons.map((reason) => `guest ${guest.name}: ${reason}`) : [],
  );
  reportWrong(unreadable);
  const to = toDestination(output, false);
  if (to.kind === "stdout") process.stdout.write(svg);
  else {
    if (to.kind === "directory") makeDirectory(to.path);
    writeChanged(targetOf(to, "host.svg"), svg);
  }
  return unreadable.length > 0 ? 1 : 0;
};
