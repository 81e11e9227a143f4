import type { XmlElement } from "../../xml/render-element.ts";
import type { PortVlans } from "../../guest/libvirt-attachment.ts";
import { type LibvirtVersion, NATIVE_VLAN } from "../../values/libvirt-version.ts";
import type { ProfileNic } from "../../guest/profile.ts";
import type { Vid } from "../../values/vid.ts";

/**
 * Writes a `<vlan>` (libvirt, formatdomain, "Setting VLAN tag"). It has no ranges. A trunk says so itself: one tag alone
 * would be an access port.
 */
export const renderVlan = (parent: XmlElement, vlans: PortVlans): void => {
  if (vlans.kind === "access") {
    parent.ele("vlan").ele("tag", { id: String(vlans.vlan) });
    return;
  }
  const { native } = vlans;
  const vlan = parent.ele("vlan", { trunk: "yes" });
  const tag = (vid: Vid, attributes: Readonly<Record<string, string>>) =>
    vlan.ele("tag", { id: String(vid), ...attributes });
  if (native !== null) tag(native, { nativeMode: "untagged" });
  for (const vid of vlans.tagged) tag(vid, {});
};

/** The VLANs that libvirt itself puts the NIC into, or null when it does not or somebody else has to. */
export const nativeVlans = ({ attachment }: ProfileNic, libvirt: LibvirtVersion): PortVlans | null => {
  switch (attachment.kind) {
    case "access":
    case "trunk":
      return libvirt >= NATIVE_VLAN ? attachment : null;
    case "ovs":
      return attachment.vlans;
    case "hostdev":
      return attachment.vlan === null ? null : { kind: "access", vlan: attachment.vlan };
    default:
      return null;
  }
};
