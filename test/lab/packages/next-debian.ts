import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { outputOf } from "../../support/run-program.ts";
import { cached } from "../cache.mjs";
import { debianMirror } from "./debian-mirror.ts";

/** The Debian whose programs the one before lacks. */
export const SUITE = "trixie";

/** Programs of the next Debian. */
export interface NextPrograms {
  /** The folder of the cache that has them. */
  readonly folder: string;
  readonly packages: readonly string[];
  /** Where the packages have them: `usr/bin/qjs`. */
  readonly programs: readonly string[];
  /** Directories of their own libraries, below that of all. */
  readonly libraries: readonly string[];
}

/** Returns where an unpacked program is. */
export const unpacked = ({ folder }: NextPrograms, program: string): string => cached(folder, "bin", program);

/** Runs one of apt's programs. */
export const runApt = ([command = "", ...args]: readonly string[], cwd = "/"): string => {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  return outputOf(command, args, { cwd, env });
};

const download = (packages: readonly string[], draft: string): void => {
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
  runApt([...get, "update"]);
  runApt([...get, "download", ...packages.map((name) => `${name}/${SUITE}`)], draft);
  rmSync(apt, { recursive: true });
};

/**
 * Unpacks programs of the next Debian, and the libraries that they want, beside this machine's own. Each has a C library's loader that
 * bears its name, and with it the process.
 */
export const unpackNext = ({ folder: name, packages, programs, libraries: own }: NextPrograms): void => {
  const folder = cached(name);
  mkdirSync(cached(), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    download(["libc6", ...packages], draft);
    for (const file of readdirSync(draft).filter((one) => one.endsWith(".deb"))) {
      runApt(["dpkg-deb", "-x", join(draft, file), join(draft, "root")]);
      rmSync(join(draft, file));
    }
    const [triplet = ""] = readdirSync(join(draft, "root/usr/lib")).filter((one) => one.includes("-linux-"));
    const libraries = join("root/usr/lib", triplet);
    const [loader = ""] = readdirSync(join(draft, libraries)).filter((one) => one.startsWith("ld-linux"));
    for (const part of ["bin", "loader"]) mkdirSync(join(draft, part));
    for (const program of programs) {
      const bare = basename(program);
      copyFileSync(join(draft, libraries, loader), join(draft, "loader", bare));
      const path = ["", ...own].map((one) => join(folder, libraries, one)).join(":");
      writeFileSync(
        join(draft, "bin", bare),
        `#!/bin/sh\nexec ${folder}/loader/${bare} --library-path ${path} ${folder}/root/${program} "$@"\n`,
        { mode: 0o755 },
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};
