import { hostname } from "node:os";
import { targetOf, toDestination } from "../../../files/destination.ts";
import { makeDirectory, writeChanged, writeProduct } from "../../../files/write-file.ts";
import type { AskedHost } from "../../../kernel/observe/observe.ts";
import { shareAnswers } from "../../../survey/shared-answers.ts";
import { type ReadDomain, survey } from "../../../survey/survey.ts";
import { dateText } from "../../../values/date-text.ts";
import { openThisHost, readGuests } from "../this-host.ts";
import { reportWrong } from "../plan/plan.ts";
import { type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { renderResults } from "../hosts/results-table.ts";
import { drawSurvey, readUplinks } from "./draw.ts";

const ALL_ENDS_MS = 30_000;

/** A host's picture, and guests that are not in it because their metadata cannot be read. */
export interface Picture {
  readonly svg: string;
  readonly unreadable: readonly string[];
}

/** Draws guests of a host. @param title its name */
const draw = async (domains: readonly ReadDomain[], host: AskedHost, title: string): Promise<Picture> => {
  const [seen, uplinks] = await Promise.all([survey(domains, host), readUplinks(host)]);
  return {
    svg: drawSurvey(seen, uplinks, { title, date: dateText(new Date()) }),
    unreadable: seen.guests.flatMap((guest) =>
      guest.kind === "invalid" ? guest.reasons.map((reason) => `guest ${guest.name}: ${reason}`) : [],
    ),
  };
};

/** Draws guests of another host. @param names guests, which may run on other hosts; none for all */
const drawHost = async (names: readonly string[], open: OpenHost, title: string): Promise<Picture> => {
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
