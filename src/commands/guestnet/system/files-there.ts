import { lastLine } from "../../../values/error-text.ts";
import type { Ran, Run } from "../../../kernel/host.ts";
import { readFilesBy } from "../../../survey/remote-host.ts";
import { Failure } from "../../../values/failure.ts";
import type { FileState, Files } from "./files.ts";

/** coreutils: `cat: /etc/x: No space left on device`. */
const reasonOf = ({ stderr, code }: Ran): string => {
  const said = lastLine(stderr).replace(/^.*: /, "");
  return said === "" ? `status ${String(code)}` : said.charAt(0).toLowerCase() + said.slice(1);
};

const KINDS: Readonly<Record<string, FileState["kind"]>> = {
  "regular file": "file",
  "regular empty file": "file",
  directory: "directory",
};

const toState = (stdout: string): FileState | null => {
  const [, kind = "", mode = "", seconds = ""] = /^([^/]+)\/([0-7]+)\/([\d.]+)$/.exec(stdout.trim()) ?? [];
  return mode === ""
    ? null
    : { kind: KINDS[kind] ?? "other", mode: parseInt(mode, 8), writtenAt: Number(seconds) * 1000 };
};

/** $1: the file, $2: where the new one waits, $3: its mode. A full disk fails in cat, before the old file is touched. */
const WRITE =
  'mkdir -p -- "${1%/*}" && new=$2/.guestnet.$$ && { cat >"$new" && chmod "$3" -- "$new" && sync -- "$new" && mv -fT -- "$new" "$1" || { rm -f -- "$new"; exit 1; }; }';
const LINK =
  'mkdir -p -- "${1%/*}" && new=$2/.guestnet.$$ && { ln -s -- "$3" "$new" && mv -fT -- "$new" "$1" || { rm -f -- "$new"; exit 1; }; }';

/** The files of another host, by its coreutils, findutils and grep. @param on its name, for messages */
export const filesThere = (run: Run, on: string): Files => {
  const readEach = readFilesBy(run);
  const expectDone = (ran: Ran, what: string, file: string): void => {
    if (ran.code !== 0)
      throw new Failure(`cannot ${what} ${file} on ${on}: ${reasonOf(ran)}`, `ssh root@${on} df ${file}`);
  };
  const byScript = async (
    script: string,
    file: string,
    more: readonly string[],
    text = "",
  ): Promise<void> => {
    expectDone(await run("sh", ["-c", script, "sh", file, ...more], text), "write", file);
  };
  return {
    read: async (file) => {
      const ran = await run("cat", ["--", file]);
      if (ran.code === 0) return ran.stdout;
      const reason = reasonOf(ran);
      if (reason === "no such file or directory" || reason === "not a directory") return null;
      if (reason === "is a directory") return "";
      throw new Failure(`cannot read ${file} on ${on}: ${reason}`, `ssh root@${on} ls -l ${file}`);
    },
    readEach,
    readLink: async (file) => {
      const [link, state] = await Promise.all([
        run("readlink", ["-n", "--", file]),
        run("stat", ["-c", "%F/%a/%.6Y", "--", file]),
      ]);
      return link.code === 0 ? { target: link.stdout, madeAt: toState(state.stdout)?.writtenAt ?? 0 } : null;
    },
    names: async (directory) => {
      const find = ["-H", directory, "-mindepth", "1", "-maxdepth", "1", "-printf", "%f\\0"];
      return (await run("find", find)).stdout.split("\0").filter((name) => name !== "");
    },
    state: async (file) => toState((await run("stat", ["-L", "-c", "%F/%a/%.6Y", "--", file])).stdout),
    write: (file, text, { mode, waitsIn }) => byScript(WRITE, file, [waitsIn, mode.toString(8)], text),
    link: (file, target, { waitsIn }) => byScript(LINK, file, [waitsIn, target]),
    remove: async (file) => {
      expectDone(await run("rm", ["-rf", "--", file]), "remove", file);
    },
  };
};
