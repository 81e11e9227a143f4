import { parseXml } from "../../src/xml/parse.ts";
import { attribute, child, childrenOf, textOf as rawTextOf, type XmlElement } from "../../src/xml/tree.ts";
import type { ImportedGuest } from "../../src/import/report/imported-guest.ts";
import type { Issue } from "../../src/values/issue.ts";
import type { ExpectedGuest, Input } from "./corpus.ts";

interface Source {
  readonly name: string;
  readonly uuid: string | null;
  readonly memoryKiB: number;
  readonly maxMemoryKiB: number | null;
  readonly vcpus: number | null;
  readonly maxVcpus: number | null;
  readonly disks: readonly {
    readonly source: string;
    readonly target: string;
    readonly format: string;
    readonly readonly: boolean;
    readonly device: string;
  }[];
  readonly nics: readonly {
    readonly mac: string | null;
    readonly kind: string;
    readonly bridge?: string;
    readonly model: string | null;
  }[];
}

const same = (what: string, ours: unknown, theirs: unknown): readonly string[] =>
  JSON.stringify(ours) === JSON.stringify(theirs)
    ? []
    : [`${what}: ${JSON.stringify(ours)}, expected ${JSON.stringify(theirs)}`];

/** The values that we read against those that xl's own parser read. */
export const compareWithXl = ({ source }: ImportedGuest, guest: ExpectedGuest): readonly string[] => {
  const ours = source as Source;
  const disks = (guest.disks ?? []).filter(({ error }) => error === undefined);
  const format = (name: string | undefined): string | undefined =>
    name === "vhd" ? "vpc" : name === "empty" ? "raw" : name;
  const alias: Readonly<Record<string, string>> = { d27p2: "xvdab2" };
  return [
    ...same("name", ours.name, guest.name),
    ...same("uuid", ours.uuid, guest.uuid),
    ...same("memory", ours.memoryKiB, 1024 * (guest.memory_mib ?? guest.maxmem_mib ?? 32)),
    ...same("maxmem", ours.maxMemoryKiB, guest.maxmem_mib === null ? null : guest.maxmem_mib * 1024),
    ...same("vcpus", [ours.vcpus, ours.maxVcpus], [guest.vcpus, guest.maxvcpus]),
    ...same(
      "MACs",
      ours.nics.map(({ mac }) => mac),
      (guest.nics ?? []).map(({ mac }) => mac ?? null),
    ),
    ...same(
      "models",
      ours.nics.map(({ model }) => model),
      (guest.nics ?? []).map(({ model }) => model ?? null),
    ),
    ...same(
      "bridges",
      ours.nics.map(({ bridge }) => bridge ?? "xenbr0"),
      (guest.nics ?? []).map(
        ({ bridge }) =>
          bridge?.replace(/[.:]\d.*$/, (tags) => (tags.startsWith(":") ? "" : tags)) ?? "xenbr0",
      ),
    ),
    // Of files that are Python the corpus has the disks as text only.
    ...(guest.disks === undefined
      ? []
      : same(
          "disks",
          ours.disks.map((disk) => [disk.source, disk.target, disk.format, disk.readonly, disk.device]),
          disks.map((disk) => [
            disk.target,
            alias[disk.vdev ?? ""] ?? disk.vdev,
            format(disk.format),
            disk.access === "ro",
            disk.devtype,
          ]),
        )),
  ];
};

const textOf = (element: XmlElement | null): string => rawTextOf(element).trim();
const say = (element: XmlElement | null, name: string): string | null => attribute(element, name);

/** Where another parser is not to be believed, and why. */
export const EXPLAINED: Readonly<Record<string, readonly [RegExp, string]>> = {
  "real/xt-domf.cfg": [
    /^refused: .*DOMF_ALLOWED_PCPUS/,
    "a placeholder for a set of CPUs, which xl refuses, too, when it starts the guest",
  ],
  "libvirt-xl/test-fullvirt-vnuma-autocomplete.cfg": [
    /^memory: /,
    "libvirt takes the sum of the NUMA nodes for the memory",
  ],
};

/** The domain XML that genxml makes against libvirt's own import of the same file. */
export const compareWithTwin = (outcome: ImportedGuest, made: string, twin: string): readonly string[] => {
  const [ours, theirs] = [parseXml(made), parseXml(twin)];
  const names = new Map(outcome.renamed.map(({ from, to }) => [to, from]));
  const known = ["virtio", "e1000", "e1000e", "rtl8139"];
  const nics = (root: XmlElement | null, theirOwn: boolean) =>
    childrenOf(child(root, "devices"), "interface").map((nic) => {
      const model = say(child(nic, "model"), "type");
      // What KVM has no card for, and what is left out, becomes virtio.
      return [
        say(child(nic, "mac"), "address"),
        // A vif without a bridge: xl takes xenbr0, libvirt an interface without any.
        say(child(nic, "source"), "bridge") ?? "xenbr0",
        theirOwn && !known.includes(model ?? "") ? "virtio" : model,
      ];
    });
  const disks = (root: XmlElement | null, isOurs: boolean) =>
    childrenOf(child(root, "devices"), "disk")
      .map((disk) => {
        const target = say(child(disk, "target"), "dev") ?? "";
        const source = child(disk, "source");
        const isCdrom = say(disk, "device") === "cdrom";
        return [
          isOurs ? (names.get(target) ?? target) : target,
          say(source, "file") ?? say(source, "dev"),
          isCdrom ? "cdrom" : (say(child(disk, "driver"), "type") ?? "raw"),
          child(disk, "readonly") !== null,
        ];
      })
      .sort((a, b) => String(a[0]).localeCompare(String(b[0])));
  const kib = (root: XmlElement | null, name: string): number => Number(textOf(child(root, name)));
  const most = (root: XmlElement | null) => [
    kib(root, "memory"),
    kib(root, "currentMemory") || kib(root, "memory"),
  ];
  const vcpus = (root: XmlElement | null) => [
    textOf(child(root, "vcpu")),
    say(child(root, "vcpu"), "current"),
  ];
  return [
    ...same("name", textOf(child(ours, "name")), textOf(child(theirs, "name"))),
    ...same("uuid", textOf(child(ours, "uuid")), textOf(child(theirs, "uuid"))),
    ...same("memory", most(ours), most(theirs)),
    ...same("vcpus", vcpus(ours), vcpus(theirs)),
    ...same("NICs", nics(ours, false), nics(theirs, true)),
    ...same("disks", disks(ours, true), disks(theirs, false)),
  ];
};

/** A refusal against what the corpus says must be refused, and where. */
export const judgeRefusal = ({ expect, folder }: Input, problems: readonly Issue[]): readonly string[] => {
  const said = problems
    .map(({ position, message }) => `${String(position?.line)}:${String(position?.column)}: ${message}`)
    .join("; ");
  const { must_fail: must, semantic } = expect;
  const [first] = problems;
  if (first === undefined) return ["refused without a reason"];
  if (first.position === null) return [`refused without a place: ${said}`];
  const { line, column } = first.position;
  if (must !== undefined) {
    const isThere = must.lines === null || (line >= must.lines[0] && line <= must.lines[1]);
    const isColumn = must.columns === null || (column >= must.columns[0] && column <= must.columns[1]);
    return isThere && isColumn ? [] : [`refused at ${said}, expected in ${JSON.stringify(must)}`];
  }
  if (semantic !== undefined)
    return semantic.line === null || semantic.line === line
      ? []
      : [`refused at ${said}, expected in line ${semantic.line}`];
  // xm's Python beyond literals, and files that are only a part of one: xl needs a name, too.
  if (folder === "xm-python" && first.code === "xen-python") return [];
  return first.code === "missing-key" && expect.xl?.guest?.name === null ? [] : [`refused: ${said}`];
};
