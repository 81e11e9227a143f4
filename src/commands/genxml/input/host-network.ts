import type { HostFormat } from "../../../host-network/format-names.ts";
import type { HostNetwork } from "../../../host-network/host-network.ts";
import { toHostNetwork } from "../../../host-network/to-host-network.ts";
import { warningsOf } from "../../../host-network/warnings.ts";
import type { ReadSite } from "../../../site/site.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { issueOfFile } from "../report.ts";
import { readHostFile } from "./host-file.ts";

/** A host.json, and the network that it describes. */
export interface DescribedHost extends ReadSite {
  readonly file: string;
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

/** Returns what is doubtful about a host's network, as one network manager makes it. */
export const networkWarnings = (
  { file, site, document }: DescribedHost,
  format: HostFormat,
): readonly FileIssue[] =>
  warningsOf(site, format).map(({ code, path, message }) => ({
    file,
    issue: document.warning(code, path, message),
  }));
