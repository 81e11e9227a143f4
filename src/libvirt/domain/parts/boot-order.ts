import type { Profile } from "../../../guest/profile.ts";
import { insertedBehind, replaced, withAttributes, withChild, withoutNamed } from "../../../xml/edit.ts";
import { attribute, child, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { DOMAIN, OS } from "./element-order.ts";

const orderOf = (device: XmlElement): string | null => attribute(child(device, "boot"), "order");

/** The first disk, and as long as there is nothing on it the CD-ROM: an installer runs once. */
const bootElements = (os: XmlElement, { disks }: Profile): XmlElement => {
  const kinds = new Set(disks.map(({ device }) => device));
  const complete = withChild(os, "boot", OS, (boot) =>
    withAttributes(boot, { dev: kinds.has("disk") ? "hd" : "cdrom" }),
  );
  return kinds.size === 2
    ? insertedBehind(complete, child(complete, "boot"), element("boot", { dev: "cdrom" }))
    : complete;
};

/**
 * From what the guest boots. libvirt takes either an order of devices or `<os><boot>`, never both, and no number twice.
 *
 * @param named the devices of the profile, whose order overrides the template's
 */
export const withBootOrder = (
  domain: XmlElement,
  profile: Profile,
  named: readonly XmlElement[],
): XmlElement => {
  const ordered = childrenOf(child(domain, "devices")).filter((device) => orderOf(device) !== null);
  const given = new Set(ordered.filter((device) => named.includes(device)).map(orderOf));
  const givingWay = ordered.filter((device) => given.has(orderOf(device)) && !named.includes(device));
  const settled = withChild(domain, "devices", DOMAIN, (devices) =>
    givingWay.reduce((all, device) => replaced(all, device, withoutNamed(device, "boot")), devices),
  );
  return withChild(settled, "os", DOMAIN, (old) => {
    const os = ordered.length > 0 ? withoutNamed(old, "boot") : old;
    const isSaid = ordered.length > 0 || child(os, "boot") !== null || child(os, "kernel") !== null;
    return isSaid || profile.disks.length === 0 ? os : bootElements(os, profile);
  });
};
