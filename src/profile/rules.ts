import { familyOf, parseAddress, readPrefix } from "../model/address.ts";
import type { Issue } from "../model/issue.ts";
import { parseMac } from "../model/mac.ts";
import { expandRange, parseRange, toVid } from "../model/vid.ts";
import type { Document } from "./document.ts";
import { found } from "./say.ts";

/** A rule looks at what was written, right or wrong, so that its complaints come together with the schema's. */
type Written = Readonly<Record<string, unknown>>;

const asRecord = (value: unknown): Written | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Written) : null;
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const asTexts = (value: unknown): readonly string[] =>
  asList(value).filter((item) => typeof item === "string");

/** Exactly one of `vlan` and `trunk`: no VLAN said never means "whatever the bridge does". */
const vlanChoice = (nic: Written, path: Issue["path"], { issue }: Document): readonly Issue[] => {
  if (nic["type"] !== "bridge") return [];
  const access = nic["vlan"] !== undefined;
  const trunk = nic["trunk"] !== undefined;
  const issues: Issue[] = [];
  if (access && trunk) {
    const both = `has both "vlan": ${found(nic["vlan"])} and "trunk"`;
    issues.push(
      issue("vlan-choice", path, `${both}: use "vlan" for an access port or "trunk" for tagged VLANs`),
    );
  }
  if (!access && !trunk) {
    const neither = 'has neither "vlan" nor "trunk"';
    issues.push(
      issue("vlan-choice", path, `${neither}: use "vlan": 20 for an access port or "trunk": [30, "100-199"]`),
    );
  }
  if (access && !trunk && nic["native"] !== undefined) {
    const message = `"native" is a trunk's VLAN for untagged frames, found beside "vlan": leave it out, or use "trunk"`;
    issues.push(issue("vlan-choice", [...path, "native"], message));
  }
  return issues;
};

const itemVids = (item: unknown): readonly number[] => {
  const range =
    typeof item === "string" ? parseRange(item) : typeof item === "number" ? parseRange(String(item)) : null;
  return range === null ? [] : expandRange(range);
};

/** Each VLAN of a trunk once, and the native one not among the tagged ones. */
const trunkOverlap = (nic: Written, path: Issue["path"], { issue }: Document): readonly Issue[] => {
  const items = asList(nic["trunk"]);
  const native = typeof nic["native"] === "number" ? toVid(nic["native"]) : null;
  const seen = new Map<number, number>();
  return items.flatMap((item, index): readonly Issue[] => {
    const here = [...path, "trunk", index];
    const vids = itemVids(item);
    const issues: Issue[] = [];
    if (native !== null && vids.includes(native)) {
      const message = `VLAN ${String(native)} is the native VLAN and leaves untagged; it cannot be tagged as well, found ${found(item)}`;
      issues.push(issue("vlan-overlap", here, message));
    }
    const before = vids.find((vid) => seen.has(vid));
    if (before !== undefined) {
      const first = `${String(before)} is already in trunk[${String(seen.get(before))}]`;
      issues.push(issue("vlan-overlap", here, `VLAN ${first}; name each once, found ${found(item)}`));
    }
    for (const vid of vids) if (!seen.has(vid)) seen.set(vid, index);
    return issues;
  });
};

/** A prefix is routed via the guest's first address of its family, so there has to be one; gateways likewise. */
const routedFamilies = (nic: Written, path: Issue["path"], { issue }: Document): readonly Issue[] => {
  if (nic["type"] !== "routed") return [];
  const addresses = asTexts(nic["addresses"]).flatMap(
    (text) => parseAddress(text.replace(/\/(32|128)$/, "")) ?? [],
  );
  if (addresses.length === 0) return [];
  const has = new Set(addresses.map(familyOf));
  const name = { ipv4: "IPv4", ipv6: "IPv6" } as const;
  const lacking = (text: string, where: Issue["path"]): readonly Issue[] => {
    const family = familyOf(
      (readPrefix(text).kind === "prefix" ? text : (parseAddress(text) ?? "")) as never,
    );
    if (readPrefix(text).kind !== "prefix" && parseAddress(text) === null) return [];
    if (has.has(family)) return [];
    const message = `needs an ${name[family]} address of the guest in "addresses" to be used with, found ${found(text)}`;
    return [issue(readPrefix(text).kind === "prefix" ? "prefix" : "gateway", where, message)];
  };
  const gateways = typeof nic["gateway"] === "string" ? [nic["gateway"]] : asTexts(nic["gateway"]);
  return [
    ...asTexts(nic["prefixes"]).flatMap((text, index) => lacking(text, [...path, "prefixes", index])),
    ...gateways.flatMap((text) => lacking(text, [...path, "gateway"])),
  ];
};

/** QEMU has no read-only SATA disk (libvirt: "readonly sata disks are not supported", said only at define). */
const readonlySata = (disk: Written | null, path: Issue["path"], { issue }: Document): readonly Issue[] =>
  disk?.["readonly"] === true && disk["bus"] === "sata"
    ? [
        issue(
          "wrong-choice",
          [...path, "bus"],
          'a read-only disk must be on "virtio" or "scsi", found "sata"',
        ),
      ]
    : [];

/** Two of something that a guest, or a host, can have only once. */
const duplicates = (
  given: readonly { readonly value: string; readonly path: Issue["path"] }[],
  what: string,
  { issue }: Document,
): readonly Issue[] => {
  const first = new Map<string, Issue["path"]>();
  return given.flatMap(({ value, path }): readonly Issue[] => {
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, path);
      return [];
    }
    return [
      issue("duplicate", path, `${what} ${value} is already given at ${before.join(".")}; use another`),
    ];
  });
};

/** What a schema cannot say: how the parts of a profile fit together. */
export const checkRules = (document: Document): readonly Issue[] => {
  const profile = asRecord(document.value) ?? {};
  const nics = asList(profile["interfaces"]).flatMap((value, index) => {
    const nic = asRecord(value);
    return nic === null ? [] : [{ nic, path: ["interfaces", index] as const }];
  });
  const texts = (key: string, read: (text: string) => string | null) =>
    nics.flatMap(({ nic, path }) => {
      const value = typeof nic[key] === "string" ? read(nic[key]) : null;
      return value === null ? [] : [{ value, path: [...path, key] }];
    });
  const addresses = nics.flatMap(({ nic, path }) =>
    asTexts(nic["addresses"]).flatMap((text, index) => {
      const value = parseAddress(text.replace(/\/(32|128)$/, ""));
      return value === null ? [] : [{ value, path: [...path, "addresses", index] }];
    }),
  );
  const disks = asList(profile["disks"]).map(asRecord);
  const targets = disks.flatMap((disk, index) => {
    const value = disk?.["target"];
    return typeof value === "string" ? [{ value, path: ["disks", index, "target"] }] : [];
  });
  return [
    ...nics.flatMap(({ nic, path }) => [
      ...vlanChoice(nic, path, document),
      ...trunkOverlap(nic, path, document),
      ...routedFamilies(nic, path, document),
    ]),
    ...disks.flatMap((disk, index) => readonlySata(disk, ["disks", index], document)),
    ...duplicates(texts("mac", parseMac), "the MAC address", document),
    ...duplicates(
      texts("tap", (text) => text),
      "the tap name",
      document,
    ),
    ...duplicates(addresses, "the address", document),
    ...duplicates(targets, "the disk target", document),
  ];
};
