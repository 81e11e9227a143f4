import { renderNetwork } from "../../libvirt/network/network.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { deriveNetworkUuid } from "../../profile/normalize/derive.ts";
import { STDIN } from "../../files/read-file.ts";
import { targetOf, toDestination } from "../../files/destination.ts";
import { makeDirectory, writeChanged } from "../../files/write-file.ts";
import { usageError } from "../../values/failure.ts";
import type { FileIssue } from "../../values/issue.ts";
import { readHostFile } from "./input/host-file.ts";
import { issueOfFile, renderReport } from "./issue-report.ts";
import { quoteWord } from "../../values/shell-word.ts";

/**
 * `genxml network HOST`: a host.json in, the XML of one libvirt network for each of its bridges out.
 *
 * @param output what `-o` names, or null for standard output, which has room for one
 * @returns the exit code: 0, or 1 when the file has errors
 */
export const networkCommand = async (
  file: string,
  output: string | null,
  libvirt: LibvirtVersion,
): Promise<0 | 1> => {
  const fail = (...issues: readonly FileIssue[]): 1 => {
    process.stderr.write(renderReport(issues, { json: false, strict: false, quiet: false }));
    return 1;
  };
  const host = await readHostFile(file);
  if (host.kind === "wrong") return fail(...host.issues);
  const bridges = host.kind === "site" ? [...host.site.bridges.values()] : [];
  if (bridges.length === 0) {
    const name = file === "-" ? STDIN : file;
    return fail(issueOfFile(name, "missing-key", "bridges: required for networks, found none"));
  }
  const to = toDestination(output, bridges.length > 1);
  if (to.kind === "stdout" && bridges.length > 1) {
    const names = bridges.map((bridge) => bridge.name).join(", ");
    throw usageError(
      `several networks (${names}) require -o DIR`,
      `genxml network ${quoteWord(file)} -o networks/`,
    );
  }
  if (to.kind === "directory") makeDirectory(to.path);
  for (const bridge of bridges) {
    const xml = renderNetwork(bridge, deriveNetworkUuid(bridge.name), libvirt);
    if (to.kind === "stdout") process.stdout.write(xml);
    else writeChanged(targetOf(to, `${bridge.name}.xml`), xml);
  }
  return 0;
};
