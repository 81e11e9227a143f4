import type { PortVlans } from "../../guest/libvirt-attachment.ts";
import { toVid, vidSet } from "../../values/vid.ts";
import { attribute, childrenOf, type XmlElement } from "../../xml/read-xml.ts";

/** What an interface's own `<vlan>` says. */
export type ReadVlan =
  | { readonly kind: "none" }
  | { readonly kind: "vlans"; readonly vlans: PortVlans }
  | { readonly kind: "wrong"; readonly why: string };

const wrong = (why: string): ReadVlan => ({ kind: "wrong", why });

/**
 * Reads it as libvirt acts on it (virNetDevBridgeSetupVlans): one tag alone is an access port, `trunk='yes'` or a second tag
 * makes a trunk, and of its tags one may be native. A native VLAN that leaves tagged is nothing that we could assert.
 */
export const readVlan = (vlan: XmlElement | null): ReadVlan => {
  const tags = childrenOf(vlan, "tag").map((tag) => ({
    text: attribute(tag, "id") ?? "",
    vid: toVid(Number(attribute(tag, "id") ?? "")),
    mode: attribute(tag, "nativeMode"),
  }));
  if (tags.length === 0) return { kind: "none" };
  const bad = tags.find(({ vid }) => vid === null);
  if (bad !== undefined) return wrong(`<tag id='${bad.text}'/> is no VLAN ID; use 1–4094`);
  const vids = tags.flatMap(({ vid, mode }) => (vid === null ? [] : [{ vid, mode }]));
  const [only, second] = vids;
  if (only !== undefined && second === undefined && attribute(vlan, "trunk") !== "yes") {
    return { kind: "vlans", vlans: { kind: "access", vlan: only.vid } };
  }
  const natives = vids.filter(({ mode }) => mode !== null);
  const [native] = natives;
  if (natives.length > 1) return wrong("its <vlan> has two tags with nativeMode; keep one");
  if (native?.mode === "tagged")
    return wrong("nativeMode='tagged' is not supported; use nativeMode='untagged'");
  const tagged = vidSet(vids.flatMap(({ vid, mode }) => (mode === null ? [vid] : [])));
  return { kind: "vlans", vlans: { kind: "trunk", tagged, native: native?.vid ?? null } };
};
