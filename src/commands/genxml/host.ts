import { dirname, join } from "node:path";
import { makeDirectory, setMode, writeChanged } from "../../files/write-file.ts";
import type { HostFormat } from "../../host-network/format-names.ts";
import type { NetworkFile } from "../../host-network/host-file.ts";
import { renderHost } from "../../host-network/render.ts";
import { networkWarnings, readHostNetwork } from "./input/host-network.ts";
import { arrange, issueCount, renderReport, type IssueOptions } from "./issue-report.ts";

const octal = (mode: number): string => mode.toString(8).padStart(4, "0");

/** All files on one page: each under its path, which is a comment in most of them. */
const page = (files: readonly NetworkFile[]): string =>
  files.map(({ path, text, mode }) => `### /${path} (mode ${octal(mode)})\n${text}`).join("\n");

const toJson = (files: readonly NetworkFile[]): string =>
  `${JSON.stringify({ files: files.map(({ path, text, mode }) => ({ path: `/${path}`, mode: octal(mode), text })) }, null, 2)}\n`;

const write = (directory: string, files: readonly NetworkFile[]): void => {
  for (const { path, text, mode } of files) {
    const target = join(directory, path);
    makeDirectory(dirname(target));
    writeChanged(target, text);
    setMode(target, mode);
  }
};

/**
 * `genxml host HOST`: a host.json in, the files of one network manager out.
 *
 * @param output the directory that stands for `/`, or null for all files on standard output
 * @returns the exit code: 0, or 1 when the file has errors
 */
export const hostCommand = async (
  file: string,
  format: HostFormat,
  output: string | null,
  report: IssueOptions,
): Promise<0 | 1> => {
  const host = await readHostNetwork(file);
  if (!("network" in host)) {
    process.stderr.write(renderReport(host, report));
    return 1;
  }
  const issues = arrange(networkWarnings(host, format), [host.file], report);
  process.stderr.write(renderReport(issues, report));
  if (issueCount(issues, "error") > 0) return 1;
  const files = renderHost(host.network, format);
  if (output === null || output === "-") process.stdout.write(report.json ? toJson(files) : page(files));
  else write(output, files);
  return 0;
};
