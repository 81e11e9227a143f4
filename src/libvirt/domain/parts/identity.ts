import { isHooked } from "../../../guest/attachment.ts";
import type { Profile } from "../../../guest/profile.ts";
import type { LibvirtVersion } from "../../../values/libvirt-version.ts";
import { appended, replaced, withChild, without, withText } from "../../../xml/edit.ts";
import { attribute, child, childrenOf, elementsIn, textOf, type XmlElement } from "../../../xml/tree.ts";
import { guestIn, ownElement } from "../../metadata/guest-element.ts";
import { nicMetadata } from "../../metadata/nic-elements.ts";
import { DOMAIN } from "./element-order.ts";

/**
 * Puts the guestnet element in place of an older one. Entries of NICs that the profile does not name stay: without them
 * their ports would be in any VLAN that the bridge assigns.
 */
const withGuest = (metadata: XmlElement, { interfaces }: Profile, libvirt: LibvirtVersion): XmlElement => {
  const old = guestIn(metadata);
  const named = new Set<string>(interfaces.map(({ mac }) => mac));
  const kept = elementsIn(old).filter((nic) => !named.has((attribute(nic, "mac") ?? "").toLowerCase()));
  if (kept.length === 0 && !interfaces.some(({ attachment }) => isHooked(attachment)))
    return { ...metadata, children: metadata.children.filter((node) => node !== old) };
  const nics = interfaces.flatMap((nic) => nicMetadata(nic, libvirt) ?? []);
  const guest = ownElement("guest", {}, [...nics, ...kept]);
  return old === null ? appended(metadata, guest) : replaced(metadata, old, guest);
};

const withMetadata = (domain: XmlElement, profile: Profile, libvirt: LibvirtVersion): XmlElement => {
  const changed =
    profile.interfaces.length === 0
      ? domain
      : withChild(domain, "metadata", DOMAIN, (metadata) => withGuest(metadata, profile, libvirt));
  const metadata = child(changed, "metadata");
  return metadata?.children.length === 0 ? without(changed, metadata) : changed;
};

/** libvirt refuses an SMBIOS UUID that is not the domain's: "UUID mismatch between <uuid> and <sysinfo>". */
const withSystemUuid = (domain: XmlElement): XmlElement => {
  const uuid = textOf(child(domain, "uuid")).trim();
  const sysinfo = child(domain, "sysinfo");
  const system = child(sysinfo, "system");
  const entry = childrenOf(system, "entry").find((one) => attribute(one, "name") === "uuid");
  if (
    sysinfo === null ||
    system === null ||
    entry === undefined ||
    textOf(entry).trim().toLowerCase() === uuid
  )
    return domain;
  const changed = replaced(sysinfo, system, replaced(system, entry, withText(entry, uuid)));
  return replaced(domain, sysinfo, changed);
};

/** The guest's name, UUID, title, description, and guestnet metadata. Other metadata stays. */
export const withIdentity = (domain: XmlElement, profile: Profile, libvirt: LibvirtVersion): XmlElement => {
  // A template that is this very guest keeps its UUID: under another one libvirt would refuse the name.
  const isSame = textOf(child(domain, "name")).trim() === profile.name;
  const isNewUuid = child(domain, "uuid") === null || profile.uuidFrom === "profile" || !isSame;
  const texts = [
    ["name", profile.name],
    ["uuid", isNewUuid ? profile.uuid : null],
    // The generation ID is the guest's own as well: an empty one gets a value when the domain is defined.
    ["genid", child(domain, "genid") !== null && !isSame ? "" : null],
    ["title", profile.title],
    ["description", profile.description],
  ] as const;
  const named = texts.reduce(
    (changed, [name, text]) =>
      text === null ? changed : withChild(changed, name, DOMAIN, (old) => withText(old, text)),
    domain,
  );
  return withMetadata(withSystemUuid(named), profile, libvirt);
};
