import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { findDebianMirror } from "../packages/debian-mirror.ts";

/** A package with the source of a kernel, and the apt configuration that knows it. */
interface Source {
  readonly name: string;
  readonly version: readonly number[];
  readonly env: NodeJS.ProcessEnv;
}

/** UML's system calls are twice as fast from this version on: "seccomp=on" (arch/um, Linux 6.16). */
const FAST = [6, 16];

const KEYRINGS = [
  "/usr/share/keyrings/debian-archive-keyring.pgp",
  "/usr/share/keyrings/debian-archive-keyring.gpg",
];

/**
 * Downloads and unpacks the newest kernel source: of this machine's own Debian, or of the backports to Debian's stable release
 * where the machine's own is too old to be fast. This machine's list of sources stays as it is.
 *
 * @param folder an existing, empty directory
 * @returns the directory of the source tree
 */
export async function fetchKernelSource(folder: string, say: (line: string) => void): Promise<string> {
  const own = await newestSource({});
  const source = own !== undefined && compare(own.version, FAST) >= 0 ? own : await backported(folder, own);
  if (source === undefined) throw new Error("apt has no package linux-source");
  say(`downloading ${source.name}, about 150 MB`);
  const tree = join(folder, "source");
  await mkdir(tree);
  const download = ["-o", "APT::Sandbox::User=root", "-q", "download", source.name];
  await execa("apt-get", download, { cwd: folder, env: source.env });
  const deb = (await readdir(folder)).find((file) => file.endsWith(".deb")) ?? "";
  const unpack = [
    `dpkg-deb --fsys-tarfile ${deb}`,
    `tar -xO ./usr/src/${source.name}.tar.xz`,
    "tar -xJ -C source --strip-components=1",
  ].join(" | ");
  await execa("bash", ["-o", "pipefail", "-c", unpack], { cwd: folder });
  return tree;
}

/** The newest source in the backports to stable, by an apt configuration of its own in `folder`; `own` where there is no such archive. */
async function backported(folder: string, own: Source | undefined): Promise<Source | undefined> {
  const apt = join(folder, "apt");
  await mkdir(join(apt, "lists", "partial"), { recursive: true });
  await mkdir(join(apt, "cache", "archives", "partial"), { recursive: true });
  const mirror = findDebianMirror();
  const keyring = KEYRINGS.find((file) => existsSync(file));
  if (mirror === undefined || keyring === undefined) return own;
  await writeFile(join(apt, "list"), `deb [signed-by=${keyring}] ${mirror} stable-backports main\n`);
  const settings = {
    "Dir::Etc::sourcelist": join(apt, "list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::State::lists": join(apt, "lists"),
    "Dir::Cache": join(apt, "cache"),
    "APT::Sandbox::User": "root",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  await writeFile(join(apt, "conf"), lines.join(""));
  const env = { APT_CONFIG: join(apt, "conf") };
  const { failed } = await execa("apt-get", ["update", "-q"], { env, reject: false });
  return failed ? own : ((await newestSource(env)) ?? own);
}

async function newestSource(env: NodeJS.ProcessEnv): Promise<Source | undefined> {
  const { stdout } = await execa("apt-cache", ["search", "--names-only", "^linux-source-[0-9.]+$"], { env });
  const sources = [...stdout.matchAll(/^linux-source-([0-9.]+) /gm)].map(([, version = ""]) => ({
    name: `linux-source-${version}`,
    version: version.split(".").map(Number),
    env,
  }));
  return sources.toSorted((a, b) => compare(a.version, b.version)).at(-1);
}

function compare(
  [major = 0, minor = 0]: readonly number[],
  [otherMajor = 0, otherMinor = 0]: readonly number[],
) {
  return major - otherMajor || minor - otherMinor;
}
