import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importDomain } from "../../src/import/domain/import-domain.ts";
import { renderDomain } from "../support/templates.ts";
import { parseXml } from "../../src/xml/parse.ts";
import type { XmlElement } from "../../src/xml/tree.ts";
import { plainTree } from "../support/plain-tree.ts";
import { PORTABLE } from "../../src/values/libvirt-version.ts";

interface Expected {
  readonly source: {
    readonly name: string;
    readonly uuid: string | null;
    readonly memory_kib: number;
    readonly current_memory_kib: number | null;
    readonly disks: readonly {
      readonly source: string | null;
      readonly target: string;
      readonly readonly: boolean;
    }[];
    readonly nics: readonly { readonly mac: string | null }[];
  };
}

interface Summary {
  readonly name: string;
  readonly uuid: string | null;
  readonly memoryKiB: number;
  readonly disks: readonly { readonly source: string; readonly target: string; readonly readonly: boolean }[];
  readonly nics: readonly { readonly mac: string | null }[];
}

/** What became of a document: its domain XML, and what is not as it should be. */
export interface Judged {
  readonly name: string;
  readonly xml: string | null;
  readonly faults: readonly string[];
}

const inFolder = (root: string, folder: string): readonly string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter((file) => file.endsWith(".xml"))
        .map((file) => `${folder}/${file}`)
    : [];

const judgeXen = (root: string, ours: string, name: string): Judged => {
  const result = importDomain(name, readFileSync(join(root, name), "utf8"), { map: [] }, () => "");
  if (!result.ok)
    return { name, xml: null, faults: result.problems.map(({ message }) => `refused: ${message}`) };
  const { source } = JSON.parse(
    readFileSync(join(root, name.replace(/\.xml$/, ".expect.json")), "utf8"),
  ) as Expected;
  const summary = result.value.source as Summary;
  const pairs = [
    [summary.name, source.name],
    [summary.uuid, source.uuid],
    [summary.memoryKiB, Math.min(source.memory_kib, source.current_memory_kib ?? source.memory_kib)],
    [summary.nics.map(({ mac }) => mac), source.nics.map(({ mac }) => mac)],
    [
      summary.disks.map((disk) => [disk.source, disk.target, disk.readonly]),
      source.disks.map((disk) => [disk.source ?? "", disk.target, disk.readonly]),
    ],
  ] as const;
  const faults = pairs.flatMap(([left, right]) =>
    JSON.stringify(left) === JSON.stringify(right)
      ? []
      : [`${JSON.stringify(left)}, expected ${JSON.stringify(right)}`],
  );
  return { name, xml: renderDomain(result.value.read.profile, ours, PORTABLE), faults };
};

/** A KVM guest that no rule is for is left as it is. */
const judgeKvm = (root: string, name: string): Judged => {
  const text = readFileSync(join(root, name), "utf8");
  const result = importDomain(name, text, { map: [] }, () => "t.xml");
  if (!result.ok)
    return { name, xml: null, faults: result.problems.map(({ message }) => `refused: ${message}`) };
  const xml = renderDomain(result.value.read.profile, text, PORTABLE);
  // A q35 template without root ports gets them, as libvirt would give them at define.
  const isPort = ({ name: tag, attributes }: XmlElement): boolean =>
    tag === "controller" && attributes["model"] === "pcie-root-port";
  const normal = (document: string): string => {
    const root = parseXml(document);
    return root === null ? "no XML" : JSON.stringify(plainTree(root, isPort));
  };
  return { name, xml, faults: normal(xml) === normal(text) ? [] : ["it is not left as it was"] };
};

/** All domain XML of the corpus. */
export const judgeDomains = (root: string, ours: string): readonly Judged[] => [
  ...inFolder(root, "xen-xml").map((name) => judgeXen(root, ours, name)),
  ...inFolder(root, "qemu-interfaces").map((name) => judgeKvm(root, name)),
];
