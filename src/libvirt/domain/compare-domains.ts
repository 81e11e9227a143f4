import { replaced, without } from "../../xml/edit.ts";
import { childrenOf, elementsIn, qualifiedName, textOf, type XmlElement } from "../../xml/tree.ts";

/** A difference between a domain as it is to be and as libvirt has it. */
export interface DomainDifference {
  /** `devices/interface[0]/source@bridge` */
  readonly path: string;
  /** Null if libvirt has none. */
  readonly found: string | null;
  /** Null if there is to be none. */
  readonly wanted: string | null;
}

/** Devices that only people add. libvirt adds others by itself: controllers, input devices, a balloon, an audio backend. */
const BY_PEOPLE = new Set(["disk", "interface", "hostdev", "filesystem", "tpm", "watchdog", "redirdev"]);

const BYTES: Readonly<Record<string, number>> = {
  ...{ b: 1, bytes: 1, k: 1024, KiB: 1024, M: 1024 ** 2, MiB: 1024 ** 2, G: 1024 ** 3, GiB: 1024 ** 3 },
  ...{ T: 1024 ** 4, TiB: 1024 ** 4 },
};

/** `<memory unit='GiB'>1</memory>` is written back in KiB (libvirt, formatdomain.html, "Memory Allocation"). */
const sizeOf = (element: XmlElement): number | null => {
  const factor = BYTES[element.attributes["unit"] ?? ""];
  const text = textOf(element).trim();
  return factor === undefined || !/^\d+$/.test(text) ? null : Number(text) * factor;
};

/** QEMU's alias of a machine type is written back as its newest version: `q35` as `pc-q35-7.2`. */
const isSameMachine = (wanted: string, found: string): boolean =>
  wanted === found || found.startsWith(`pc-${wanted}-`) || found.startsWith(`pc-i440fx-${wanted}`);

const isSameValue = (path: string, wanted: string, found: string): boolean =>
  path === "os/type@machine" ? isSameMachine(wanted, found) : wanted === found;

const textIn = (element: XmlElement): string | null =>
  elementsIn(element).length > 0 ? null : textOf(element).trim();

/** Everything of one element that the other lacks or has otherwise. What only libvirt's has was added by libvirt. */
const lacking = (wanted: XmlElement, found: XmlElement, path: string): readonly DomainDifference[] => {
  const inside = (name: string): string => (path === "" ? name : `${path}/${name}`);
  const [wantedSize, foundSize] = [sizeOf(wanted), sizeOf(found)];
  if (wantedSize !== null && wantedSize === foundSize) return [];
  const attributes = Object.entries(wanted.attributes).flatMap(
    ([name, value]): readonly DomainDifference[] => {
      const old = found.attributes[name] ?? null;
      const at = `${path}@${name}`;
      if (/^xmlns(:|$)/.test(name) || (old !== null && isSameValue(at, value, old))) return [];
      return [{ path: at, wanted: value, found: old }];
    },
  );
  const [text, old] = [textIn(wanted), textIn(found)];
  const texts = text === null || text === "" || text === old ? [] : [{ path, wanted: text, found: old }];
  const count = new Map<string, number>();
  const several = (name: string): boolean =>
    elementsIn(wanted).filter((one) => qualifiedName(one) === name).length > 1;
  const children = elementsIn(wanted).flatMap((one): readonly DomainDifference[] => {
    const name = qualifiedName(one);
    const at = count.get(name) ?? 0;
    count.set(name, at + 1);
    const alike = elementsIn(found).filter(
      (other) => other.name === one.name && other.namespace === one.namespace,
    );
    const there = inside(several(name) ? `${name}[${String(at)}]` : name);
    const other = alike[at];
    return other === undefined
      ? [{ path: there, wanted: textIn(one) ?? "present", found: null }]
      : lacking(one, other, there);
  });
  return [...attributes, ...texts, ...children];
};

const unexpected = (wanted: XmlElement, found: XmlElement): readonly DomainDifference[] => {
  const [own, others] = [wanted, found].map((domain) => childrenOf(domain, "devices")[0] ?? null);
  const names = new Set(childrenOf(others ?? null).map(({ name }) => name));
  return [...names].flatMap((name) => {
    if (!BY_PEOPLE.has(name)) return [];
    const few = childrenOf(own ?? null, name).length;
    return childrenOf(others ?? null, name)
      .slice(few)
      .map((_, at) => ({ path: `devices/${name}[${String(few + at)}]`, wanted: null, found: "present" }));
  });
};

/** guestnet's metadata is complete: what only libvirt has of it is to go. */
const metadataIn = (wanted: XmlElement, found: XmlElement): readonly DomainDifference[] => {
  const [own, old] = [wanted, found].map((domain) => childrenOf(domain, "metadata")[0] ?? null);
  return elementsIn(own ?? null).flatMap((one) => {
    const other = elementsIn(old ?? null).find(({ namespace }) => namespace === one.namespace);
    if (other === undefined) return [];
    return lacking(other, one, `metadata/${one.name}`).map(({ path, wanted: is, found: shall }) => ({
      path,
      wanted: shall,
      found: is,
    }));
  });
};

/** From 9.1 on, libvirt shows the watchdog that is part of each q35 machine (`itco`), whether or not it was asked for. */
const withoutAddedWatchdog = (wanted: XmlElement, found: XmlElement): XmlElement => {
  const ofMachine = (domain: XmlElement): readonly XmlElement[] =>
    childrenOf(childrenOf(domain, "devices")[0] ?? null, "watchdog").filter(
      ({ attributes }) => attributes["model"] === "itco",
    );
  const [devices] = childrenOf(found, "devices");
  return devices === undefined || ofMachine(wanted).length > 0
    ? found
    : replaced(found, devices, without(devices, ...ofMachine(found)));
};

/** Returns how a domain that libvirt has differs from one that is to be defined, by what only people decide. */
export const domainDifferences = (wanted: XmlElement, defined: XmlElement): readonly DomainDifference[] => {
  const found = withoutAddedWatchdog(wanted, defined);
  const all = [...lacking(wanted, found, ""), ...unexpected(wanted, found), ...metadataIn(wanted, found)];
  return [...new Map(all.map((one) => [one.path, one])).values()];
};
