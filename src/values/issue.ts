/** A place in a file, both counted from 1; the column in UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Every kind of problem that a file can have. A code is for scripts and searches: it stays. */
export const ISSUE_CODES = [
  "json-syntax",
  "duplicate-key",
  "unknown-key",
  "missing-key",
  "wrong-type",
  "wrong-choice",
  "guest-name",
  "uuid",
  "size",
  "count",
  "text",
  "path",
  "cpu-set",
  "disk-source",
  "template",
  "hostname",
  "interface-name",
  "tap-name",
  "mac",
  "vlan-range",
  "vlan-choice",
  "vlan-overlap",
  "vlan-name",
  "vlan-unlisted",
  "address",
  "prefix",
  "gateway",
  "pci-address",
  "usb-id",
  "queues",
  "duplicate",
  "prefix-overlap",
  "mtu",
  "bond",
  "vrf",
  "vxlan",
  "disk-claimed",
  "peer",
  "xen-syntax",
  "xen-python",
  "xen-value",
  "xen-disk",
  "xen-vif",
  "domain-xml",
  "import-name",
  "bridge-map",
  "no-profile",
  "unreadable",
  "unwritable",
] as const;
export type IssueCode = (typeof ISSUE_CODES)[number];

/** A warning marks a valid but probably unintended setting; the exit code stays 0. `--strict` makes it an error. */
export type Severity = "error" | "warning";

/** A problem in a file: what is wrong, what was found, what is allowed. */
export interface Issue {
  readonly severity: Severity;
  readonly code: IssueCode;
  /** Path in the document: `["interfaces", 1, "vlan"]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Null for what is wrong with a file as a whole. */
  readonly position: Position | null;
  /** What to do about a file that cannot be read or written. Every other message says it itself. */
  readonly hint?: string;
}

/** `["interfaces", 1, "vlan"]` as people write it: `interfaces[1].vlan`. */
export const renderPath = (path: Issue["path"]): string =>
  path
    .map((part) => {
      if (typeof part === "number") return `[${part}]`;
      return /^[\w$-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join("")
    .replace(/^\./, "");

/** One line for a terminal and for editors that jump to `file:line:column`. */
export const renderIssue = (file: string, issue: Issue): string => {
  const { position } = issue;
  const at = position === null ? file : `${file}:${String(position.line)}:${String(position.column)}`;
  const where = issue.path.length === 0 ? "" : `${renderPath(issue.path)}: `;
  return `${at}: ${issue.severity}: ${where}${issue.message} [${issue.code}]`;
};

/** Compares by the order in a file; what is wrong with all of it comes first. */
export const byPosition = (a: Issue, b: Issue): number =>
  (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0);

/** An issue, and the file that it is in. */
export interface FileIssue {
  readonly file: string;
  readonly issue: Issue;
}
