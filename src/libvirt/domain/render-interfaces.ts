import type { XmlElement } from "../../xml/render-element.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import type { ProfileNic } from "../../guest/profile.ts";
import { renderInterface } from "./render-interface.ts";
import { merge, type Owned, settle } from "./render-merge.ts";
import { attributeOf, childOf, childrenOf } from "./render-tree.ts";

const OWNED: Owned = {
  attributes: ["managed"],
  // How a NIC is attached is said whole: a leftover of another kind of attachment would be refused, or work.
  children: ["source", "target", "virtualport", "vlan", "port", "script", "downscript", "backenddomain"],
  driver: ["queues"],
};

const macOf = (nic: XmlElement): string => (attributeOf(childOf(nic, "mac"), "address") ?? "").toLowerCase();

/** Writes the NICs, each over the one of the template with its MAC address. @returns their elements */
export const renderInterfaces = (
  devices: XmlElement,
  nics: readonly ProfileNic[],
  libvirt: LibvirtVersion,
): readonly XmlElement[] => {
  const there = childrenOf(devices, "interface");
  return nics.map((nic) => {
    const element = renderInterface(devices, nic, libvirt);
    const old = there.find((candidate) => macOf(candidate) === nic.mac);
    if (old === undefined) settle(devices, element);
    else merge(old, element, OWNED);
    return old ?? element;
  });
};
