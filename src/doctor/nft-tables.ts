import { isBridged, type LiveDomain } from "../guest/nic.ts";
import { error, type Finding, ok, warning } from "./finding.ts";
import type { HostReadings, TableFamily } from "./host-readings.ts";

interface Table {
  readonly check: string;
  readonly why: string;
  isNeeded(domain: LiveDomain): boolean;
}

const TABLES: Readonly<Record<TableFamily, Table>> = {
  inet: {
    check: "nft table inet",
    why: 'the hook checks the sources of routed guests with it, and refuses to start those without "antispoof": false',
    isNeeded: ({ nics }) =>
      nics.some(
        ({ attachment }) =>
          attachment.kind === "routed" && (attachment.antispoof || attachment.reach !== "any"),
      ),
  },
  bridge: {
    check: "nft table bridge",
    why: 'the hook holds guests on bridges to their addresses with it, and refuses to start those that have "addresses"',
    isNeeded: ({ nics }) => nics.filter(isBridged).some(({ attachment }) => attachment.policy.guard !== null),
  },
};

const FIX = [
  "# run a kernel that has nf_tables with this family, such as Debian's:",
  "apt install linux-image-amd64",
];

/** Whether the kernel takes the tables that the hook makes. An nft of any version is no help where it does not. */
export const checkNftTables = (seen: HostReadings): readonly Finding[] =>
  seen.tables.map(({ family, refused }) => {
    const { check, why } = TABLES[family];
    if (refused === null) return ok(check, "the kernel takes the hook's rules");
    const judge = seen.defined.some((domain) => TABLES[family].isNeeded(domain)) ? error : warning;
    return judge(check, `the kernel does not take the hook's rules: ${refused}`, why, ...FIX);
  });
