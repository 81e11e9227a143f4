import type { PortVlans } from "../../guest/libvirt-attachment.ts";
import { type LibvirtVersion, NATIVE_VLAN } from "../../values/libvirt-version.ts";
import type { Uuid } from "../../values/names.ts";
import type { SiteBridge } from "../../guest/site.ts";
import { expandRange, renderRange, type VidRange, vidSet } from "../../values/vid.ts";
import { XmlElement } from "../../xml/render-element.ts";
import { renderText } from "../../xml/render-text.ts";
import { renderVlan } from "../domain/render-vlan.ts";

const toPortVlans = (range: VidRange): PortVlans =>
  range.first === range.last
    ? { kind: "access", vlan: range.first }
    : { kind: "trunk", tagged: vidSet(expandRange(range)), native: null };

/**
 * A libvirt network for a bridge that the host already has, with a portgroup for each VLAN that has a name. libvirt
 * refuses a `<vlan>` in it below 11.0 ("network ..., whose type doesn't support vlan configuration"); there a portgroup is a name
 * and no more, and a comment says so.
 */
export const renderNetwork = (bridge: SiteBridge, uuid: Uuid, libvirt: LibvirtVersion): string => {
  const network = new XmlElement("network");
  network.ele("name").txt(bridge.name);
  network.ele("uuid").txt(uuid);
  network.ele("forward", { mode: "bridge" });
  network.ele("bridge", { name: bridge.name });
  for (const [name, range] of bridge.vlans) {
    const group = network.ele("portgroup", { name });
    if (libvirt >= NATIVE_VLAN) renderVlan(group, toPortVlans(range));
    else group.com(` VLAN ${renderRange(range)}: libvirt sets it from 11.0 on `);
  }
  return renderText([network]);
};
