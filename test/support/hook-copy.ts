import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HookEngine } from "../lab/engines.ts";

/** What libvirt would see of a call. */
export interface Called {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built hook in a folder of its own, in which a test puts tools, and an engine, that behave as it likes. */
export interface HookCopy {
  readonly file: string;
  readonly folder: string;
  /** Puts a program into the only folder in which the hook looks for ip, bridge, nft and logger. */
  readonly tool: (name: string, script: string) => void;
  /** Replaces what the hook starts as its engine; the real one until then. */
  readonly engine: (script: string) => void;
  /** Makes a setting below /proc/sys; until then the host only forwards. */
  readonly setting: (name: string, value: string) => void;
  /** @param before words in front of the hook's file: another shell, limits */
  readonly call: (operation: string, xml: string, before?: readonly string[]) => Called;
  /** What has gone into the journal. */
  readonly journal: () => string;
  readonly remove: () => void;
}

const replaced = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`the built hook no longer has ${from}`);
  return text.replaceAll(from, to);
};

/** @param change what is different about this copy */
export const hookCopy = (
  { name, path }: HookEngine,
  change: (text: string) => string = (text) => text,
): HookCopy => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-hook-"));
  mkdirSync(join(folder, "bin"));
  // A test may call it as a user who may do nothing.
  chmodSync(folder, 0o755);
  const script = (file: string, text: string): void => {
    writeFileSync(join(folder, file), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  const engineFile = name === "QuickJS" ? "qjs" : "node";
  const moved = [
    ["engine=/usr/bin/qjs", `engine=${join(folder, engineFile)}`],
    ['PATH="/usr/sbin:/usr/bin:/sbin:/bin:', `PATH="${join(folder, "bin")}:`],
    ["`/proc/sys/", `\`${join(folder, "sys")}/`],
    ["/run/guestnet/", `${join(folder, "run")}/`],
    // Tests need not be root to be refused, or spared.
    [" || !engine.isRoot()", ""],
  ] as const;
  const text = moved.reduce(
    (built, [from, to]) => replaced(built, from, to),
    readFileSync("dist/hooks/qemu", "utf8"),
  );
  const file = join(folder, "qemu");
  writeFileSync(file, change(text), { mode: 0o755 });
  const engine = (text: string): void => {
    script(engineFile, text);
  };
  engine(`exec ${path} "$@"`);
  for (const tool of ["cat", "mkdir", "rm", "timeout", "setsid", "flock"])
    symlinkSync(join("/usr/bin", tool), join(folder, "bin", tool));
  const setting = (name: string, value: string): void => {
    mkdirSync(dirname(join(folder, "sys", name)), { recursive: true });
    writeFileSync(join(folder, "sys", name), `${value}\n`);
  };
  setting("net/ipv4/ip_forward", "1");
  setting("net/ipv6/conf/all/forwarding", "1");
  const journal = join(folder, "journal");
  script("bin/logger", `echo "$*" >>${journal}`);
  return {
    file,
    folder,
    engine,
    setting,
    tool: (name, text) => {
      script(join("bin", name), text);
    },
    call: (operation, xml, before = []) => {
      const [program, ...args] = [...before, file, "t", operation, "begin", "-"];
      const env = { PATH: join(folder, "bin"), LC_ALL: "C" };
      const { status, stdout, stderr, error } = spawnSync(program, args, {
        input: xml,
        env,
        encoding: "utf8",
        timeout: 30_000,
      });
      // EPIPE: it has not read its input to the end, which is its right.
      if (error !== undefined && !("code" in error && error.code === "EPIPE")) throw error;
      return { status, stdout, stderr };
    },
    journal: () => (existsSync(journal) ? readFileSync(journal, "utf8") : ""),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
};
