import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { isHooked } from "../model/libvirt-attachment.ts";
import type { LibvirtVersion } from "../model/libvirt-version.ts";
import type { Profile } from "../model/profile.ts";
import { NAMESPACE } from "./metadata.ts";
import { renderMetadata } from "./render-metadata.ts";
import { DOMAIN } from "./render-order.ts";
import { childOf, drop, isElement, place, setText, textOf } from "./render-tree.ts";

const ourGuest = (metadata: XMLBuilder): XMLBuilder | undefined =>
  metadata.find(
    ({ node }) => isElement(node) && node.namespaceURI === NAMESPACE && node.localName === "guest",
    false,
    false,
  );

const macOf = ({ node }: XMLBuilder): string =>
  isElement(node) ? (node.getAttribute("mac") ?? "").toLowerCase() : "";

/**
 * Puts our element in place of an older one. What that said of NICs that the profile does not name stays: without it
 * their ports would be in whatever VLAN the bridge gives them.
 */
const replaceMetadata = (domain: XMLBuilder, { interfaces }: Profile, libvirt: LibvirtVersion): void => {
  const metadata = place(domain, "metadata", DOMAIN);
  const old = ourGuest(metadata);
  const named = new Set<string>(interfaces.map(({ mac }) => mac));
  const kept: XMLBuilder[] = [];
  old?.each(
    (wish) => {
      if (isElement(wish.node) && !named.has(macOf(wish))) kept.push(wish);
    },
    false,
    false,
  );
  const isWanted = kept.length > 0 || interfaces.some(({ attachment }) => isHooked(attachment));
  if (isWanted) renderMetadata(metadata, interfaces, libvirt);
  if (old === undefined || !isWanted) {
    old?.remove();
    return;
  }
  // The new one is the last child; it takes the old one's place, and its NICs of others.
  metadata.node.insertBefore(metadata.last().node, old.node);
  const guest = ourGuest(metadata);
  for (const wish of kept) guest?.node.appendChild(wish.node);
  old.remove();
};

/** The guest's name, UUID, words about it, and our metadata. Other people's metadata stays. */
export const renderIdentity = (domain: XMLBuilder, profile: Profile, libvirt: LibvirtVersion): void => {
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
  if (metadata !== null && metadata.node.childNodes.length === 0) drop(metadata);
};
