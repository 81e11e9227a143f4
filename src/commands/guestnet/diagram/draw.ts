import type { LinkReading } from "../../../doctor/host-readings.ts";
import type { PictureTitle } from "../../../diagram/layout.ts";
import { renderSvg } from "../../../diagram/svg.ts";
import { type Port, toNetworks } from "../../../diagram/topology.ts";
import { ROUTED } from "../../../guest/kinds/routed.ts";
import { asText, membersOf, printedList } from "../../../values/json.ts";
import type { Host } from "../../../kernel/host.ts";
import type { AskedHost } from "../../../kernel/observe/observe.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import type { Survey } from "../../../survey/survey.ts";
import { readLinks } from "../doctor/read-links.ts";

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
  const routes = shown.flatMap(printedList);
  return [...new Set(routes.flatMap((route) => asText(membersOf(route)["dev"]) ?? []))];
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

/** Reads the uplinks of each bridge, and of routed guests. */
export const readUplinks = async (host: AskedHost): Promise<ReadonlyMap<string, readonly string[]>> => {
  const [links, routed] = await Promise.all([readLinks(host), defaultDevices(host)]);
  return uplinksOf(links, routed);
};

/** Draws the guests of a host. */
export const drawSurvey = (
  seen: Survey,
  uplinks: ReadonlyMap<string, readonly string[]>,
  heading: PictureTitle,
): string => renderSvg(toNetworks(portsOf(seen), uplinks), heading);
