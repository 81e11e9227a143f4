import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../../../kernel/host.ts";

/** The oldest Node.js that the hook's bundle is made for. */
export const HOOK_NODE = 18;

/** A Node.js for the hook, or why none of those that were looked at will do. */
export type FoundNode =
  | { readonly kind: "found"; readonly path: string; readonly version: string; readonly startMs: number }
  | { readonly kind: "none"; readonly tried: readonly string[] };

/**
 * What AppArmor's profile of the libvirt daemons lets them execute, by the path behind all links: `/{usr/,}{s,}bin/*`
 * (usr.sbin.libvirtd, usr.sbin.virtqemud).
 */
const MAY_BE_EXECUTED = /^(\/usr)?\/s?bin\/[^/]+$/;

/** What the shell head of the hook takes without quoting. */
const PLAIN = /^[\w./+-]+$/;

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Milliseconds that it takes to start, the best of three: the first may have to come from the disk. */
const timeStart = async (path: string, run: Run): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const begun = performance.now();
    await run(path, ["-e", "0"]);
    times.push(performance.now() - begun);
  }
  return Math.min(...times);
};

/** Why a Node.js will not do, or what is known about it. */
const tryNode = async (path: string, confined: boolean, run: Run): Promise<FoundNode> => {
  const none = (why: string): FoundNode => ({ kind: "none", tried: [`${path}: ${why}`] });
  if (!isExecutable(path)) return none("there is no such program");
  if (!PLAIN.test(path))
    return none("its path has characters that the hook's shell head would have to quote");
  const real = realpathSync(path);
  if (confined && !MAY_BE_EXECUTED.test(real)) {
    const where = real === path ? "" : ` (it is ${real})`;
    return none(
      `AppArmor lets libvirt's daemon execute programs of /usr/bin, /bin and their sbin only${where}`,
    );
  }
  const { code, stdout, stderr } = await run(path, ["--version"]);
  const version = /^v((\d+)\.\S+)/.exec(stdout);
  if (code !== 0 || version === null) {
    const [said = ""] = (stderr || stdout).split("\n");
    return none(`it is no Node.js: ${said}`);
  }
  if (Number(version[2]) < HOOK_NODE) {
    return none(`it is version ${version[1] ?? ""}, and the hook needs ${String(HOOK_NODE)} or newer`);
  }
  return { kind: "found", path, version: version[1] ?? "", startMs: await timeStart(path, run) };
};

/** Where a Node.js may be, the distribution's first: it stays where it is, whoever's shell this is. */
export const candidates = (searchPath: string, own: string): readonly string[] => [
  ...new Set([
    "/usr/bin/node",
    "/usr/bin/nodejs",
    ...searchPath.split(":").flatMap((folder) => (folder.startsWith("/") ? [join(folder, "node")] : [])),
    own,
  ]),
];

/** The first that the daemon may execute and that is new enough. @param confined whether AppArmor confines the daemon */
export const findNode = async (paths: readonly string[], confined: boolean, run: Run): Promise<FoundNode> => {
  const tried: string[] = [];
  for (const path of paths) {
    const found = await tryNode(path, confined, run);
    if (found.kind === "found") return found;
    tried.push(...found.tried);
  }
  return { kind: "none", tried };
};
