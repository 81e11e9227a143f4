import { toDestination } from "../../files/destination.ts";
import { writeProduct } from "../../files/write-file.ts";
import { renderSvg } from "../../diagram/svg.ts";
import { type Port, toNetworks } from "../../diagram/topology.ts";
import { ROUTED } from "../../guest/kinds/routed.ts";
import { isPassed, type Profile } from "../../guest/profile.ts";
import { readHostFiles } from "./input/host-file.ts";
import { findInputs } from "./input/inputs.ts";
import { readFleet } from "./input/read-fleet.ts";
import { arrange, issueCount, renderReport } from "./issue-report.ts";

const portsOf = ({ name, interfaces }: Profile): readonly Port[] =>
  interfaces.map((nic) => ({
    guest: name,
    nic: isPassed(nic) ? nic.mac : nic.tap,
    attachment: nic.attachment,
    wrong: [],
  }));

/** The uplinks that the profiles' host.json files name. */
const uplinksIn = async (
  files: readonly string[],
  site: string | null,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const all = new Map<string, Set<string>>();
  const add = (name: string, uplinks: readonly string[]): void => {
    const known = all.get(name) ?? new Set<string>();
    for (const uplink of uplinks) known.add(uplink);
    all.set(name, known);
  };
  for (const found of (await readHostFiles(files, site)).values()) {
    if (found.kind !== "site") continue;
    for (const bridge of found.site.bridges.values()) add(bridge.name, bridge.uplinks);
    add(ROUTED, found.site.routed.uplinks);
  }
  return new Map([...all].map(([name, uplinks]) => [name, [...uplinks]]));
};

/**
 * `genxml diagram PATH...`: a picture of the profiles' networks, as SVG.
 *
 * @param output what `-o` names, or null for standard output
 * @returns the exit code: 0, or 1 when a profile has errors; the good ones are shown all the same
 */
export const diagramCommand = async (
  paths: readonly string[],
  site: string | null,
  output: string | null,
): Promise<0 | 1> => {
  const inputs = findInputs(paths);
  const { guests, issues } = await readFleet(inputs, site, () => undefined);
  const options = { json: false, strict: false, quiet: false };
  const svg = renderSvg(
    toNetworks(
      guests.flatMap(({ profile }) => portsOf(profile)),
      await uplinksIn(inputs.files, site),
    ),
    null,
  );
  const all = arrange(issues, inputs.files, options);
  process.stderr.write(renderReport(all, options));
  writeProduct(toDestination(output, false), "guests.svg", svg);
  return issueCount(all, "error") > 0 ? 1 : 0;
};
