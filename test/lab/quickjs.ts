import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { outputOf } from "../support/run-program.ts";
import { cached } from "./cache.mjs";
import { debianMirror } from "./debian-mirror.ts";

/** Where Debian's package puts it. */
export const INSTALLED = "/usr/bin/qjs";
/** The first Debian that has a package. */
const SUITE = "trixie";

const unpacked = (): string => cached("quickjs", "bin", "qjs");

/** Where this machine, or the lab for it, has QuickJS; null where neither has. */
export const quickJs = (): string | null => [INSTALLED, unpacked()].find((file) => existsSync(file)) ?? null;

const run = ([command = "", ...args]: readonly string[], cwd = "/"): string => {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  return outputOf(command, args, { cwd, env });
};

/**
 * Unpacks QuickJS of a later Debian, and the C library that it wants, beside this machine's own. The C library's loader bears the
 * program's name, and with it the process.
 */
const unpack = (): void => {
  const [folder, target] = [cached("quickjs"), unpacked()];
  mkdirSync(cached(), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const apt = join(draft, "apt");
    for (const part of ["lists/partial", "cache/archives/partial"])
      mkdirSync(join(apt, part), { recursive: true });
    const source = `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${debianMirror()} ${SUITE} main\n`;
    writeFileSync(join(apt, "sources.list"), source);
    const options = {
      "Dir::Etc::sourcelist": join(apt, "sources.list"),
      "Dir::Etc::sourceparts": "-",
      "Dir::State::lists": join(apt, "lists"),
      "Dir::Cache": join(apt, "cache"),
      "APT::Sandbox::User": "root",
    };
    const get = [
      "apt-get",
      "-q",
      ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ];
    run([...get, "update"]);
    run([...get, "download", `quickjs/${SUITE}`, `libc6/${SUITE}`], draft);
    const packages = readdirSync(draft).filter((file) => file.endsWith(".deb"));
    for (const name of packages) run(["dpkg-deb", "-x", join(draft, name), join(draft, "root")]);
    const [triplet = ""] = readdirSync(join(draft, "root/usr/lib")).filter((name) =>
      name.includes("-linux-"),
    );
    const libraries = join("root/usr/lib", triplet);
    const [loader = ""] = readdirSync(join(draft, libraries)).filter((name) => name.startsWith("ld-linux"));
    for (const part of ["bin", "loader"]) mkdirSync(join(draft, part));
    copyFileSync(join(draft, libraries, loader), join(draft, "loader/qjs"));
    writeFileSync(
      join(draft, "bin/qjs"),
      `#!/bin/sh\nexec ${folder}/loader/qjs --library-path ${folder}/${libraries} ${folder}/root/usr/bin/qjs "$@"\n`,
      { mode: 0o755 },
    );
    rmSync(apt, { recursive: true });
    for (const name of packages) rmSync(join(draft, name));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    run([target, "--std", "--script", "-e", "std.exit(0)"]);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

/** Sees to it that the hook's tests have QuickJS: Debian's package, or from Debian 12 that of the next. */
export const ensureQuickJs = (say: (line: string) => void): void => {
  if (quickJs() !== null) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say("there is no qjs, and only root on Debian can have it here: what runs on QuickJS is skipped");
    return;
  }
  run(["apt-get", "update", "-q"]);
  if (/Candidate: \d/.test(run(["apt-cache", "policy", "quickjs"]))) {
    say("installing quickjs");
    run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "quickjs"]);
  } else {
    say(`unpacking quickjs of Debian's ${SUITE}`);
    unpack();
  }
};
