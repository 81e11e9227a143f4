import { basename, join } from "node:path";
import type { Run } from "../../../kernel/host.ts";
import { isExecutable, type HostSystem } from "../system/files.ts";

/** The oldest Node.js that runs the hook. */
const OLDEST_NODE = 18;

/** A JavaScript engine for the hook, or why none of those that were looked at will do. */
export type FoundEngine =
  | {
      readonly kind: "found";
      readonly path: string;
      /** `QuickJS 2025-04-26`, `Node.js 20.20.2`. */
      readonly name: string;
      readonly startMs: number;
    }
  | { readonly kind: "none"; readonly tried: readonly string[] };

/** Returns whether the hook's shell preamble accepts a path without quotes. */
export const isPlain = (path: string): boolean => /^\/[\w./+-]+$/.test(path);

/** Why it does not. */
export const NOT_PLAIN = "its path must begin with / and have only letters, digits and ._/+-";

/** Milliseconds that a program takes, the best of three: the first may have to come from the disk. */
const time = async (path: string, args: readonly string[], run: Run): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const begun = performance.now();
    await run(path, args);
    times.push(performance.now() - begun);
  }
  return Math.min(...times);
};

/** Milliseconds that an engine takes to start, without those that any program takes, such as a session of ssh. */
const timeStart = async (path: string, run: Run): Promise<number> =>
  Math.max(0, (await time(path, ["-e", "0"], run)) - (await time("true", [], run)));

type Asked = { readonly name: string } | { readonly why: string };

/** Asks an engine for its version, as what the hook's filter takes it for: by the name of its file. */
const ask = async (path: string, run: Run): Promise<Asked> => {
  const isNode = basename(path).startsWith("node");
  const { stdout, stderr } = await run(path, [isNode ? "--version" : "--help"]);
  const said = stdout + stderr;
  const [first = ""] = said.split("\n");
  if (!isNode) {
    const version = /^(QuickJS(?:-ng)?) version (\S+)/m.exec(said);
    return version === null
      ? { why: `it is no QuickJS: ${first}` }
      : { name: `${version[1] ?? ""} ${version[2] ?? ""}` };
  }
  const version = /^v((\d+)\.\S+)/.exec(stdout);
  if (version === null) return { why: `it is no Node.js: ${first}` };
  return Number(version[2]) < OLDEST_NODE
    ? { why: `it is version ${version[1] ?? ""}, and the hook needs ${String(OLDEST_NODE)} or newer` }
    : { name: `Node.js ${version[1] ?? ""}` };
};

const tryEngine = async (path: string, { run, files }: HostSystem): Promise<FoundEngine> => {
  const none = (why: string): FoundEngine => ({ kind: "none", tried: [`${path}: ${why}`] });
  if (!isExecutable(await files.state(path))) return none("it is not an executable file");
  if (!isPlain(path)) return none(NOT_PLAIN);
  const asked = await ask(path, run);
  if ("why" in asked) return none(asked.why);
  return { kind: "found", path, name: asked.name, startMs: await timeStart(path, run) };
};

/**
 * Returns paths of engines: QuickJS first, and the distribution's before others, because its path is stable.
 *
 * @param ownNode the Node.js that runs this program, or null on another host
 */
export const candidates = (searchPath: string, ownNode: string | null): readonly string[] => {
  const folders = searchPath.split(":").filter((folder) => folder.startsWith("/"));
  const named = (name: string): readonly string[] => folders.map((folder) => join(folder, name));
  return [
    ...new Set([
      ...["/usr/bin/qjs", ...named("qjs")],
      ...["/usr/bin/node", "/usr/bin/nodejs", ...named("node"), ownNode ?? []].flat(),
    ]),
  ];
};

/** The first that will do. */
export const findEngine = async (paths: readonly string[], system: HostSystem): Promise<FoundEngine> => {
  const tried: string[] = [];
  for (const path of paths) {
    const found = await tryEngine(path, system);
    if (found.kind === "found") return found;
    tried.push(...found.tried);
  }
  return { kind: "none", tried };
};
