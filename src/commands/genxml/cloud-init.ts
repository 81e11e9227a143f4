import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  isUserData,
  NO_USER_DATA,
  renderMetaData,
  renderNetworkConfig,
} from "../../guest-config/cloud-init.ts";
import { renderIfupdown } from "../../guest-config/ifupdown.ts";
import { renderNetworkd } from "../../guest-config/networkd.ts";
import { renderIssue } from "../../values/issue.ts";
import type { Profile } from "../../guest/profile.ts";
import { parseProfile } from "../../profile/parse.ts";
import { type HostFile, readHostFiles } from "./host-file.ts";
import { type Input, readInput, whyNot } from "./read-input.ts";

export interface CloudInitOptions {
  readonly output: string | null;
  readonly iso: string | null;
  readonly format: "cloud-init" | "networkd" | "ifupdown";
  /** The host.json, or null for the one beside the profile, if there is one: routed guests have their gateways from it. */
  readonly host: string | null;
}

/** A file to write, or with null one that must not be there from an earlier time. */
interface File {
  readonly name: string;
  readonly content: string | Uint8Array | null;
}

const say = (file: string, text: string): void => {
  process.stderr.write(`${file}:1:1: ${text}\n`);
};

const readProfile = (input: Input, host: HostFile): Profile | null => {
  if (host.kind === "wrong") {
    const lines = host.issues.map(({ file, issue }) => renderIssue(file, issue));
    process.stderr.write(`${lines.join("\n")}\n`);
    return null;
  }
  if (input.kind === "unreadable") {
    say(input.name, `error: cannot be read: ${input.why} [unreadable]`);
    return null;
  }
  const result = parseProfile(input.text, host.kind === "site" ? host.site : null);
  if (result.ok) return result.value;
  process.stderr.write(`${result.problems.map((issue) => renderIssue(input.name, issue)).join("\n")}\n`);
  return null;
};

/** The user-data as it is, byte for byte; its path counts from the profile's folder. */
const readUserData = async (input: Input, profile: Profile): Promise<string | Uint8Array | null> => {
  const { userData } = profile.cloudInit;
  if (userData === null) return NO_USER_DATA;
  const path = resolve(input.name === "<stdin>" ? "." : dirname(input.name), userData);
  try {
    const bytes = await readFile(path);
    if (!isUserData(bytes)) {
      const known =
        'it begins neither with "#cloud-config" nor with "#!" or another mark that cloud-init knows';
      say(input.name, `warning: cloudInit.userData: cloud-init will pass over ${path}: ${known}`);
    }
    return bytes;
  } catch (error) {
    say(input.name, `error: cloudInit.userData: ${path} cannot be read: ${whyNot(error)} [unreadable]`);
    return null;
  }
};

const toFiles = async (
  input: Input,
  profile: Profile,
  format: CloudInitOptions["format"],
): Promise<readonly File[] | null> => {
  if (format === "cloud-init") {
    const userData = await readUserData(input, profile);
    if (userData === null) return null;
    return [
      { name: "meta-data", content: renderMetaData(profile) },
      { name: "network-config", content: renderNetworkConfig(profile) },
      { name: "user-data", content: userData },
    ];
  }
  const files = format === "networkd" ? renderNetworkd(profile) : renderIfupdown(profile);
  if (files.length > 0) return files.map(({ name, text }) => ({ name, content: text }));
  say(
    input.name,
    'error: interfaces: no interface has addresses to configure; add "addresses" [missing-key]',
  );
  return null;
};

const writeFiles = async (folder: string, files: readonly File[]): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of files) {
    if (content === null) await rm(join(folder, name), { force: true });
    else await writeFile(join(folder, name), content);
  }
};

/** @returns the exit code: 0, or 1 when the profile has errors or the seed could not be made */
export const cloudInitCommand = async (
  file: string,
  { output, iso, format, host }: CloudInitOptions,
): Promise<0 | 1> => {
  const input = await readInput(file);
  const hosts = await readHostFiles([file], host);
  const profile = readProfile(input, hosts.get(file) ?? { kind: "none" });
  const files = profile === null ? null : await toFiles(input, profile, format);
  if (files === null) return 1;
  if (output !== null) await writeFiles(output, files);
  if (iso === null) return 0;
  const folder = await mkdtemp(join(tmpdir(), "genxml-"));
  try {
    await writeFiles(folder, files);
    const { makeSeed } = await import("./seed-image.ts");
    const why = await makeSeed(folder, iso);
    if (why === null) return 0;
    process.stderr.write(`genxml: ${iso} was not made: ${why}\n`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
