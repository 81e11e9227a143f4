import type { PortVlans } from "../../guest/port-vlans.ts";
import type { ProfileNic } from "../../guest/profile.ts";
import { type LibvirtVersion, NATIVE_VLAN } from "../../values/libvirt-version.ts";
import { toVid, type Vid, vidSet } from "../../values/vid.ts";
import { attribute, type Attributes, childrenOf, element, type XmlElement } from "../../xml/tree.ts";

/** The contents of a `<vlan>`. */
export type ReadVlan =
  | { readonly kind: "none" }
  | { readonly kind: "vlans"; readonly vlans: PortVlans }
  | { readonly kind: "wrong"; readonly why: string };

const wrong = (why: string): ReadVlan => ({ kind: "wrong", why });

/**
 * Reads it as libvirt acts on it (virNetDevBridgeSetupVlans): one tag alone is an access port, `trunk='yes'` or a second tag
 * makes a trunk, and of its tags one may be native. A native VLAN that leaves tagged cannot be asserted.
 */
export const readVlan = (vlan: XmlElement | null): ReadVlan => {
  const tags = childrenOf(vlan, "tag").map((tag) => ({
    text: attribute(tag, "id") ?? "",
    vid: toVid(Number(attribute(tag, "id") ?? "")),
    mode: attribute(tag, "nativeMode"),
  }));
  if (tags.length === 0) return { kind: "none" };
  const bad = tags.find(({ vid }) => vid === null);
  if (bad !== undefined) return wrong(`<tag id='${bad.text}'/> is not a VLAN ID from 1 to 4094`);
  const vids = tags.flatMap(({ vid, mode }) => (vid === null ? [] : [{ vid, mode }]));
  const [only, second] = vids;
  if (only !== undefined && second === undefined && attribute(vlan, "trunk") !== "yes") {
    return { kind: "vlans", vlans: { kind: "access", vlan: only.vid } };
  }
  const natives = vids.filter(({ mode }) => mode !== null);
  const [native] = natives;
  if (natives.length > 1) return wrong("its <vlan> has two tags with nativeMode: remove one");
  if (native?.mode === "tagged")
    return wrong("nativeMode='tagged' is not supported: use nativeMode='untagged'");
  const tagged = vidSet(vids.flatMap(({ vid, mode }) => (mode === null ? [vid] : [])));
  return { kind: "vlans", vlans: { kind: "trunk", tagged, native: native?.vid ?? null } };
};

/**
 * Makes a `<vlan>` (libvirt, formatdomain, "Setting VLAN tag"). It has no ranges. A trunk is explicit: one tag alone
 * would be an access port.
 */
export const vlanElement = (vlans: PortVlans): XmlElement => {
  const tag = (vid: Vid, attributes: Attributes = {}): XmlElement =>
    element("tag", { id: String(vid), ...attributes });
  if (vlans.kind === "access") return element("vlan", {}, [tag(vlans.vlan)]);
  const native = vlans.native === null ? [] : [tag(vlans.native, { nativeMode: "untagged" })];
  return element("vlan", { trunk: "yes" }, [...native, ...vlans.tagged.map((vid) => tag(vid))]);
};

/** The VLANs that libvirt itself puts the NIC into, or null when it sets none. */
export const nativeVlans = ({ attachment }: ProfileNic, libvirt: LibvirtVersion): PortVlans | null => {
  switch (attachment.kind) {
    case "access":
    case "trunk":
      return libvirt >= NATIVE_VLAN ? attachment : null;
    case "ovs":
      return attachment.vlans;
    case "hostdev":
    case "macvtap":
      return attachment.vlan === null ? null : { kind: "access", vlan: attachment.vlan };
    default:
      return null;
  }
};
