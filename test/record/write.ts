// Adds the results that it reads on stdin to the records. The reporter test/support/test-record.mjs starts it.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { systemOf } from "../hosts/system.ts";
import {
  countsOf,
  type Ended,
  type HostsRecord,
  readHosts,
  RELEASES,
  writeHosts,
  writeLab,
} from "./record.ts";
import { versionsHere, versionsOfPackages } from "./versions.ts";

const ended = JSON.parse(await text(process.stdin)) as readonly Ended[];
const codename = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
const projects = new Set(ended.map(({ project }) => project));
// One file alone says little about a system.
const isWhole = projects.has("unit") && projects.has("lab");

const blockOf = ({ file, blocks: [, inner] }: Ended): string =>
  inner === undefined ? file : `${file} ${inner}`;

/** What has been shown of each network manager: the last run of each of its blocks. */
const managersOf = (
  onHosts: readonly Ended[],
  before: HostsRecord["managers"] = {},
): HostsRecord["managers"] => {
  const managers = new Map(Object.entries(before));
  for (const { file, status, blocks } of onHosts) {
    const [, format, step] = blocks;
    if (file !== "host-network" || status === "skipped" || format === undefined || step === undefined)
      continue;
    const counts = countsOf(onHosts.filter((one) => one.blocks[1] === format && one.blocks[2] === step));
    const name = format.replace(/^--format /, "");
    managers.set(name, { ...managers.get(name), [step]: counts });
  }
  return Object.fromEntries([...managers].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

for (const release of RELEASES) {
  if (isWhole && codename === release)
    writeLab(release, { versions: versionsHere(), tests: countsOf(ended) });
  const onHosts = ended.filter(
    ({ project, blocks }) => project.endsWith("hosts") && blocks[0]?.endsWith(` on ${release}`),
  );
  // A block in which nothing ran was not chosen, as the other release with `-t trixie`.
  const ran = new Set(onHosts.filter(({ status }) => status !== "skipped").map(blockOf));
  if (ran.size === 0) continue;
  const before = readHosts(release);
  const tests = new Map(Object.entries(before?.tests ?? {}));
  for (const block of ran) tests.set(block, countsOf(onHosts.filter((one) => blockOf(one) === block)));
  const sorted = [...tests].toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeHosts(release, {
    versions: versionsOfPackages(systemOf(release)),
    tests: Object.fromEntries(sorted),
    managers: managersOf(onHosts, before?.managers),
  });
}
