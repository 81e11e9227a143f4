import type { HostFormat } from "../../../host-network/format-names.ts";
import type { HostNetwork } from "../../../host-network/host-network.ts";
import { toHostNetwork } from "../../../host-network/to-host-network.ts";
import { siteWarningsOf, type Warning, warningsOf } from "../../../host-network/warnings.ts";
import type { ReadSite } from "../../../site/site.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { issueOfFile } from "../issue-report.ts";
import { readHostFile } from "./host-file.ts";

/** A host.json that was read from a file. */
interface SiteFile extends ReadSite {
  readonly file: string;
}

/** A host.json, and the network that it describes. */
export interface DescribedHost extends SiteFile {
  readonly network: HostNetwork;
}

/** Reads the host.json of a network. @returns what is wrong with it instead, if it describes none */
export const readHostNetwork = async (file: string): Promise<DescribedHost | readonly FileIssue[]> => {
  const host = await readHostFile(file);
  if (host.kind === "wrong") return host.issues;
  if (host.kind === "none") throw new Error("a host.json that was named is not read");
  const network = toHostNetwork(host.site);
  return network.links.length === 0
    ? [issueOfFile(host.file, "missing-key", "bridges: required for a network, found none")]
    : { ...host, network };
};

const toIssues = ({ file, document }: SiteFile, warnings: readonly Warning[]): readonly FileIssue[] =>
  warnings.map(({ code, path, message }) => ({ file, issue: document.warning(code, path, message) }));

/** Returns what is doubtful about a host's network, whichever program makes it. */
export const siteWarnings = (host: SiteFile): readonly FileIssue[] =>
  toIssues(host, siteWarningsOf(host.site));

/** Returns what is doubtful about a host's network, as one network manager makes it. */
export const networkWarnings = (host: DescribedHost, format: HostFormat): readonly FileIssue[] =>
  toIssues(host, warningsOf(host.site, format));
