import { checkPeer } from "../../fleet/peer.ts";
import type { FileIssue } from "../../values/issue.ts";
import { readHostFile } from "./host-file.ts";
import type { Inputs } from "./inputs.ts";
import { type Fleet, readFleet } from "./read-fleet.ts";
import { issueOfFile } from "./report.ts";

/** Reads the profiles again as another host would, and compares. @param file the other host's host.json */
export const checkAgainst = async (
  file: string,
  inputs: Inputs,
  { guests, issues }: Fleet,
): Promise<readonly FileIssue[]> => {
  if (inputs.files.includes("-")) {
    return [
      issueOfFile("-", "unreadable", "cannot be read twice; name a file to compare it with another host"),
    ];
  }
  const host = await readHostFile(file);
  if (host.kind === "wrong") return host.issues;
  if (host.kind === "none") return [];
  const there = await readFleet(inputs, file, () => undefined);
  return checkPeer(guests, issues, { ...there, file, site: host.site });
};
