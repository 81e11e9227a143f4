import { dirname, join } from "node:path";
import { makeDirectory, setMode, writeChanged } from "../../files/write-file.ts";
import type { Format } from "../../host-network/format-names.ts";
import type { HostFile } from "../../host-network/host-file.ts";
import { renderHost } from "../../host-network/render.ts";
import { toHostNetwork } from "../../host-network/to-host-network.ts";
import { warningsOf } from "../../host-network/warnings.ts";
import { readHostFile } from "./input/host-file.ts";
import { arrange, countOf, issueOfFile, renderReport, type ReportOptions } from "./report.ts";

const octal = (mode: number): string => mode.toString(8).padStart(4, "0");

/** All files on one page: each under its path, which is a comment in most of them. */
const page = (files: readonly HostFile[]): string =>
  files.map(({ path, text, mode }) => `### /${path} (mode ${octal(mode)})\n${text}`).join("\n");

const toJson = (files: readonly HostFile[]): string =>
  `${JSON.stringify({ files: files.map(({ path, text, mode }) => ({ path: `/${path}`, mode: octal(mode), text })) }, null, 2)}\n`;

const write = (directory: string, files: readonly HostFile[]): void => {
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
  format: Format,
  output: string | null,
  report: ReportOptions,
): Promise<0 | 1> => {
  const host = await readHostFile(file);
  if (host.kind === "wrong") {
    process.stderr.write(renderReport(host.issues, report));
    return 1;
  }
  if (host.kind === "none") throw new Error("a host.json that was named is not read");
  const network = toHostNetwork(host.site);
  const warnings = warningsOf(host.site, format).map(({ code, path, message }) => ({
    file: host.file,
    issue: host.document.warning(code, path, message),
  }));
  const empty = issueOfFile(host.file, "missing-key", "bridges: required for a network, found none");
  const issues = arrange([...warnings, ...(network.links.length === 0 ? [empty] : [])], [host.file], report);
  process.stderr.write(renderReport(issues, report));
  if (countOf(issues, "error") > 0) return 1;
  const files = renderHost(network, format);
  if (output === null || output === "-") process.stdout.write(report.json ? toJson(files) : page(files));
  else write(output, files);
  return 0;
};
