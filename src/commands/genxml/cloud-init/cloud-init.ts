import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readBytes, STDIN } from "../../../files/read-file.ts";
import { makeDirectory, removeFile, writeChanged } from "../../../files/write-file.ts";
import { isFailure } from "../../../values/failure.ts";
import {
  isUserData,
  NO_USER_DATA,
  renderMetaData,
  renderNetworkConfig,
} from "../../../guest-config/cloud-init.ts";
import type { FormatName } from "../../../guest-config/format-names.ts";
import { GUEST_FORMATS } from "../../../guest-config/formats.ts";
import { toCloudbaseUserData } from "../../../guest-config/formats/windows.ts";
import { toGuestInterfaces } from "../../../guest-config/guest-interface.ts";
import type { TextFile } from "../../../guest-config/text-file.ts";
import type { FileIssue } from "../../../values/issue.ts";
import type { Profile } from "../../../guest/profile.ts";
import { parseProfile } from "../../../profile/parse.ts";
import { type HostFile, readHostFiles } from "../input/host-file.ts";
import { type InputFile, readInput } from "../input/read-input.ts";
import { issueOfFailure, issueOfFile, renderReport } from "../issue-report.ts";

export interface CloudInitOptions {
  readonly output: string | null;
  readonly iso: string | null;
  readonly format: "cloud-init" | FormatName;
  /** The host.json, or null for the one beside the profile, if there is one: routed guests have their gateways from it. */
  readonly site: string | null;
}

/** A file to write, or with null one that must not be there from an earlier time. */
interface File {
  readonly name: string;
  readonly content: string | Uint8Array | null;
  readonly isPrivate?: boolean;
}

const report = (...issues: readonly FileIssue[]): void => {
  process.stderr.write(renderReport(issues, { json: false, strict: false, quiet: false }));
};

const readProfile = (input: InputFile, host: HostFile): Profile | null => {
  if (host.kind === "wrong") {
    report(...host.issues);
    return null;
  }
  if (input.kind === "unreadable") {
    report(issueOfFailure(input.name, "unreadable", input.failure));
    return null;
  }
  const result = parseProfile(input.text, host.kind === "site" ? host.site : null);
  if (result.ok) return result.value;
  report(...result.problems.map((issue) => ({ file: input.name, issue })));
  return null;
};

/** Returns the user-data as it is, byte for byte; its path counts from the profile's directory. */
const readUserData = (input: InputFile, profile: Profile): string | Uint8Array | null => {
  const { userData } = profile.cloudInit;
  if (userData === null) return NO_USER_DATA;
  const path = resolve(input.name === STDIN ? "." : dirname(input.name), userData);
  try {
    const bytes = readBytes(path);
    if (!isUserData(bytes)) {
      const message = `cloudInit.userData: cloud-init ignores ${path}: must begin with "#cloud-config", "#!" or another mark of cloud-init`;
      const { file, issue } = issueOfFile(input.name, "wrong-choice", message);
      report({ file, issue: { ...issue, severity: "warning" } });
    }
    return bytes;
  } catch (error) {
    if (!isFailure(error)) throw error;
    report(issueOfFailure(path, "unreadable", error));
    return null;
  }
};

const toSeed = (input: InputFile, profile: Profile): readonly File[] | null => {
  const userData = readUserData(input, profile);
  if (userData === null) return null;
  return [
    { name: "meta-data", content: renderMetaData(profile) },
    { name: "network-config", content: renderNetworkConfig(profile) },
    { name: "user-data", content: userData },
  ];
};

const nothingToConfigure = (input: InputFile): null => {
  const message = 'interfaces: at least one must have "addresses" to configure, found none';
  report(issueOfFile(input.name, "missing-key", message));
  return null;
};

/** A seed for cloudbase-init: the script is its user-data. */
const toWindowsSeed = (input: InputFile, profile: Profile, files: readonly TextFile[]): readonly File[] => {
  if (profile.cloudInit.userData !== null) {
    const message =
      "cloudInit.userData: the user-data for Windows is network.ps1: run your own script from it, or run network.ps1 yourself";
    const { file, issue } = issueOfFile(input.name, "wrong-choice", message);
    report({ file, issue: { ...issue, severity: "warning" } });
  }
  return [
    { name: "meta-data", content: renderMetaData(profile) },
    { name: "user-data", content: toCloudbaseUserData(files.map(({ text }) => text).join("")) },
  ];
};

const toFiles = (
  input: InputFile,
  profile: Profile,
  format: CloudInitOptions["format"],
): readonly File[] | null => {
  if (format === "cloud-init") return toSeed(input, profile);
  const interfaces = toGuestInterfaces(profile);
  if (interfaces.length === 0) return nothingToConfigure(input);
  const result = GUEST_FORMATS[format](interfaces);
  if (!result.ok) {
    report(
      ...result.problems.map(({ nic, message }) =>
        issueOfFile(input.name, "wrong-choice", `interfaces[${String(nic)}]: ${message}`),
      ),
    );
    return null;
  }
  const files = result.value.map(({ text: content, ...file }) => ({ ...file, content }));
  return format === "windows" ? [...files, ...toWindowsSeed(input, profile, result.value)] : files;
};

const writeFiles = (folder: string, files: readonly File[]): void => {
  makeDirectory(folder);
  for (const { name, content, isPrivate = false } of files) {
    const path = join(folder, name);
    if (content === null) removeFile(path);
    else if (isPrivate) writeChanged(path, content, 0o600);
    else writeChanged(path, content);
  }
};

/** @returns the exit code: 0, or 1 when the profile has errors or the seed could not be made */
export const cloudInitCommand = async (
  file: string,
  { output, iso, format, site }: CloudInitOptions,
): Promise<0 | 1> => {
  const input = await readInput(file);
  const hosts = await readHostFiles([file], site);
  const profile = readProfile(input, hosts.get(file) ?? { kind: "none" });
  const files = profile === null ? null : toFiles(input, profile, format);
  if (files === null) return 1;
  if (output !== null) writeFiles(output, files);
  if (iso === null) return 0;
  const folder = await mkdtemp(join(tmpdir(), "genxml-"));
  try {
    writeFiles(folder, files);
    const { makeSeed } = await import("./seed-image.ts");
    await makeSeed(folder, iso);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
