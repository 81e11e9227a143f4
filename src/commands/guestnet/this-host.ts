import * as fs from "node:fs";
import { deadline } from "../../run/deadline.ts";
import { runUntil } from "../../run/run-child.ts";
import { kernelFilesOf } from "../../run/kernel-files.ts";
import { readNames, readRunning, type Virsh, virshOn } from "../../run/virsh.ts";
import { Failure } from "../../values/failure.ts";
import type { Host, Run } from "../../kernel/host.ts";
import { type ReadDomain, toDomains } from "../../survey/survey.ts";
import { nearest } from "../../values/nearest.ts";

/** Everything that the commands for running guests need: the host, and libvirt. */
export interface ThisHost {
  readonly host: Host;
  readonly virsh: Virsh;
}

/** Debian's packages of the programs that are run. */
const PACKAGES: Readonly<Record<string, string>> = {
  ...{ ip: "iproute2", bridge: "iproute2", nft: "nftables", virsh: "libvirt-clients", ssh: "openssh-client" },
};

const installHint = (file: string): string =>
  PACKAGES[file] === undefined ? `install ${file}` : `apt install ${PACKAGES[file] ?? file}`;

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  "code" in error.cause &&
  error.cause.code === "ENOENT";

/** Turns a missing program into a failure. */
export const failingIfMissing =
  (run: Run): Run =>
  async (file, args, stdin) => {
    try {
      return await run(file, args, stdin);
    } catch (error) {
      if (isMissing(error))
        throw new Failure(`cannot run ${file}: it is not installed`, installHint(file), { cause: error });
      throw error;
    }
  };

/** Rejects users who are not root. @param what the command */
export const expectRoot = (what: string): void => {
  if (process.geteuid?.() !== 0)
    throw new Failure(`cannot run ${what}: it requires root`, `sudo guestnet ${what}`);
};

/**
 * This host, for commands that look at guests or change them.
 *
 * @param what the command, for the message
 * @param ms how long all of its programs may take
 */
export const openThisHost = (what: string, uri: string, ms: number): ThisHost => {
  expectRoot(what);
  const run = failingIfMissing(runUntil(deadline(Date.now() + ms)));
  return { host: { ...kernelFilesOf(fs), run }, virsh: virshOn(uri, run) };
};

const notRunning = async (name: string, virsh: Virsh): Promise<string> => {
  const names = await readNames(virsh);
  if (names.includes(name)) return `guest ${name} is not running`;
  const like = nearest(name, names, 2);
  return `guest ${name} does not exist${like === null ? "" : `; did you mean ${like}?`}`;
};

/** The running guests of these names, or all of them when none is given. */
export const readGuests = async (
  names: readonly string[],
  { virsh }: Pick<ThisHost, "virsh">,
): Promise<readonly ReadDomain[]> => {
  const domains = toDomains(await readRunning(virsh));
  if (names.length === 0) return domains;
  const missing = names.filter((name) => !domains.some((domain) => domain.name === name));
  const wrong: string[] = [];
  for (const name of missing) wrong.push(await notRunning(name, virsh));
  if (wrong.length > 0) throw new Failure(`cannot find all guests: ${wrong.join("; ")}`, "virsh list --all");
  return domains.filter(({ name }) => names.includes(name));
};
