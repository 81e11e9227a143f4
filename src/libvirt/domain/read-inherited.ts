import { storageOf } from "../../guest/storage.ts";
import type { Inherited, InheritedDisk } from "../../guest/inherited.ts";
import { isPassed, type Profile } from "../../guest/profile.ts";
import { attribute, child, childrenOf, textOf, type XmlElement } from "../../xml/tree.ts";

const storageIn = (source: XmlElement): string | null => {
  const path = attribute(source, "file") ?? attribute(source, "dev") ?? attribute(source, "dir");
  if (path !== null) return storageOf({ kind: "file", path });
  const [pool, volume] = [attribute(source, "pool"), attribute(source, "volume")];
  if (pool !== null && volume !== null) return storageOf({ kind: "volume", pool, volume });
  const [protocol, name] = [attribute(source, "protocol"), attribute(source, "name")];
  return protocol === null || name === null ? null : `${protocol}:${name}`;
};

const diskOf = (disk: XmlElement): readonly InheritedDisk[] => {
  const source = child(disk, "source");
  const storage = source === null ? null : storageIn(source);
  // A disc in a drive is only ever read.
  if (storage === null || (attribute(disk, "device") ?? "disk") === "cdrom") return [];
  const has = (name: string): boolean => child(disk, name) !== null;
  return [{ storage, readonly: has("readonly"), shareable: has("shareable") }];
};

/**
 * Returns what a completed domain has that its profile does not name: the template's own disks, MAC addresses, taps and
 * UEFI variables.
 */
export const readInherited = (domain: XmlElement, profile: Profile): Inherited => {
  const devices = child(domain, "devices");
  const interfaces = childrenOf(devices, "interface");
  const named = new Set<string>(profile.disks.map(({ source }) => storageOf(source)));
  const macs = new Set<string>(profile.interfaces.map(({ mac }) => mac));
  const taps = new Set<string>(profile.interfaces.flatMap((nic) => (isPassed(nic) ? [] : nic.tap)));
  const given = (element: string, key: string): readonly string[] => [
    ...new Set(interfaces.flatMap((nic) => attribute(child(nic, element), key) ?? [])),
  ];
  return {
    disks: childrenOf(devices, "disk")
      .flatMap(diskOf)
      .filter(({ storage }) => !named.has(storage)),
    macs: given("mac", "address")
      .map((mac) => mac.toLowerCase())
      .filter((mac) => !macs.has(mac)),
    // libvirt replaces its own names, such as vnet0, at each start (virNetDevReserveName).
    taps: given("target", "dev").filter((tap) => !taps.has(tap) && !/^(vnet|macvtap|macvlan)\d+$/.test(tap)),
    nvrams: childrenOf(child(domain, "os"), "nvram").flatMap((nvram) => {
      const path = textOf(nvram).trim() || attribute(child(nvram, "source"), "file");
      return path === null ? [] : [path];
    }),
  };
};
