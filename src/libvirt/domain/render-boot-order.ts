import type { XmlElement } from "../../xml/render-element.ts";
import type { Profile } from "../../guest/profile.ts";
import { DOMAIN, OS } from "./render-order.ts";
import { attributeOf, childOf, childrenOf, drop, dropAll, place, putBehind } from "./render-tree.ts";

const orderOf = (device: XmlElement): string | null => attributeOf(childOf(device, "boot"), "order");

/**
 * From what the guest boots. libvirt takes either an order of devices or `<os><boot>`, never both, and no number twice.
 *
 * @param isNamed whether the profile speaks of a device: then its order counts, and a template's gives way
 */
export const renderBootOrder = (
  domain: XmlElement,
  devices: XmlElement,
  profile: Profile,
  isNamed: (device: XmlElement) => boolean,
): void => {
  const os = place(domain, "os", DOMAIN);
  const ordered = childrenOf(devices).filter((device) => orderOf(device) !== null);
  const given = new Set(ordered.filter(isNamed).map(orderOf));
  for (const device of ordered) {
    const boot = childOf(device, "boot");
    if (boot !== null && given.has(orderOf(device)) && !isNamed(device)) drop(boot);
  }
  if (ordered.length > 0) dropAll(os, "boot");
  const isSaid = ordered.length > 0 || childOf(os, "boot") !== null || childOf(os, "kernel") !== null;
  if (isSaid || profile.disks.length === 0) return;
  // The first disk, and as long as there is nothing on it the CD-ROM: an installer runs once.
  const kinds = new Set(profile.disks.map(({ device }) => device));
  const first = place(os, "boot", OS).att({ dev: kinds.has("disk") ? "hd" : "cdrom" });
  if (kinds.size === 2) putBehind(first, os.ele("boot", { dev: "cdrom" }));
};
