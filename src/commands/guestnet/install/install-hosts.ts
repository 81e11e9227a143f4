import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { type HostResult, renderResults } from "../hosts/results-table.ts";
import { type Reporter, reporterTo } from "../reporter.ts";
import { candidates } from "./find-engine.ts";
import { type HookOptions, installOn } from "./install.ts";
import { uninstallFrom } from "./uninstall.ts";

/** What was told about one host, and its exit code. */
interface Done {
  readonly code: 0 | 1;
  readonly lines: readonly string[];
}

interface Colour {
  readonly color: ColourWhen;
}

const onHostsOf = async (
  what: string,
  { color, ...hosts }: ManyHosts & Colour,
  words: Readonly<Record<Done["code"], string>>,
  work: (open: OpenHost, reporter: Reporter) => Promise<Done["code"]>,
): Promise<HostCode> => {
  const answers = await onEachHost(what, hosts, async (open): Promise<Done> => {
    const lines: string[] = [];
    const code = await work(
      open,
      reporterTo((line) => lines.push(line)),
    );
    return { code, lines };
  });
  const resultOf = ({ code, lines }: Done): HostResult => ({
    text: words[code],
    state: code === 0 ? "good" : "bad",
    below: lines,
  });
  process.stdout.write(renderResults(answers, resultOf, { colour: coloursStdout(color) }));
  return worstOf(answers, ({ code }) => code);
};

/** `guestnet install` on several hosts. @returns the worst exit code of all */
export const installOnHosts = ({
  engine,
  reload,
  ...hosts
}: HookOptions & ManyHosts & Colour): Promise<HostCode> =>
  onHostsOf("install", hosts, { 0: "installed", 1: "not working" }, async (open, reporter) => {
    // The PATH that a session there finds, with the system's own directories.
    const { stdout } = await open.run("printenv", ["PATH"]);
    return installOn({ system: open, reporter }, { engine, reload }, candidates(stdout.trim(), null));
  });

/** `guestnet uninstall` on several hosts. @returns the worst exit code of all */
export const uninstallFromHosts = (hosts: ManyHosts & Colour): Promise<HostCode> =>
  onHostsOf("uninstall", hosts, { 0: "uninstalled", 1: "failed" }, async (open, reporter) => {
    await uninstallFrom(open.files, "/", reporter);
    return 0;
  });
