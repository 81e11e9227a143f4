import type { XmlElement } from "../../xml/render-element.ts";
import { isHooked } from "../../guest/libvirt-attachment.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import type { Profile } from "../../guest/profile.ts";
import { NAMESPACE } from "./wish.ts";
import { renderMetadata } from "../metadata/render-metadata.ts";
import { DOMAIN } from "./render-order.ts";
import { attributeOf, childOf, drop, place, setText, textOf } from "./render-tree.ts";

const elementsOf = (parent: XmlElement): readonly XmlElement[] =>
  parent.children.filter((child) => child.kind === "element");

const ourGuest = (metadata: XmlElement): XmlElement | undefined =>
  elementsOf(metadata).find(({ namespace, name }) => namespace === NAMESPACE && /^(.*:)?guest$/.test(name));

const macOf = (wish: XmlElement): string => (attributeOf(wish, "mac") ?? "").toLowerCase();

/**
 * Puts our element in place of an older one. What that said of NICs that the profile does not name stays: without it
 * their ports would be in whatever VLAN the bridge gives them.
 */
const replaceMetadata = (domain: XmlElement, { interfaces }: Profile, libvirt: LibvirtVersion): void => {
  const metadata = place(domain, "metadata", DOMAIN);
  const old = ourGuest(metadata);
  const named = new Set<string>(interfaces.map(({ mac }) => mac));
  const kept = old === undefined ? [] : elementsOf(old).filter((wish) => !named.has(macOf(wish)));
  const isWanted = kept.length > 0 || interfaces.some(({ attachment }) => isHooked(attachment));
  if (isWanted) {
    const guest = renderMetadata(metadata, interfaces, libvirt);
    // It takes the old one's place, and its NICs of others.
    if (old !== undefined) metadata.insert(guest, old);
    for (const wish of kept) guest.insert(wish, null);
  }
  if (old !== undefined) metadata.remove(old);
};

/** The guest's name, UUID, words about it, and our metadata. Other people's metadata stays. */
export const renderIdentity = (domain: XmlElement, profile: Profile, libvirt: LibvirtVersion): void => {
  // A template that is this very guest keeps its UUID: under another one libvirt would refuse the name.
  const isSame = textOf(childOf(domain, "name")) === profile.name;
  setText(place(domain, "name", DOMAIN), profile.name);
  const uuid = childOf(domain, "uuid");
  if (uuid === null || profile.uuidFrom === "profile" || !isSame)
    setText(place(domain, "uuid", DOMAIN), profile.uuid);
  // The generation ID is the guest's own as well: an empty one gets a value when the domain is defined.
  const genid = childOf(domain, "genid");
  if (genid !== null && !isSame) setText(genid, "");
  if (profile.title !== null) setText(place(domain, "title", DOMAIN), profile.title);
  if (profile.description !== null) setText(place(domain, "description", DOMAIN), profile.description);
  if (profile.interfaces.length > 0) replaceMetadata(domain, profile, libvirt);
  const metadata = childOf(domain, "metadata");
  if (metadata !== null && metadata.children.length === 0) drop(metadata);
};
