import type { PortVlans } from "../../guest/port-vlans.ts";
import type { SiteBridge } from "../../guest/site.ts";
import { type LibvirtVersion, NATIVE_VLAN } from "../../values/libvirt-version.ts";
import type { Uuid } from "../../values/names.ts";
import { expandRange, renderRange, type VidRange, vidSet } from "../../values/vid.ts";
import { indented } from "../../xml/indent.ts";
import { printDocument } from "../../xml/print.ts";
import { element, text, type XmlNode } from "../../xml/tree.ts";
import { vlanElement } from "./vlan.ts";

const toPortVlans = (range: VidRange): PortVlans =>
  range.first === range.last
    ? { kind: "access", vlan: range.first }
    : { kind: "trunk", tagged: vidSet(expandRange(range)), native: null };

/**
 * Renders a libvirt network for a bridge that the host already has, with a portgroup for each VLAN that has a name. libvirt
 * refuses a `<vlan>` in it below 11.0 ("network ..., whose type doesn't support vlan configuration"); there a portgroup is a name
 * and no more, and a comment explains it.
 */
export const renderNetwork = (bridge: SiteBridge, uuid: Uuid, libvirt: LibvirtVersion): string => {
  const vlan = (range: VidRange): XmlNode =>
    libvirt >= NATIVE_VLAN
      ? vlanElement(toPortVlans(range))
      : { kind: "comment", value: ` VLAN ${renderRange(range)}: libvirt sets it from 11.0 on ` };
  const root = element("network", {}, [
    element("name", {}, [text(bridge.name)]),
    element("uuid", {}, [text(uuid)]),
    element("forward", { mode: "bridge" }),
    element("bridge", { name: bridge.name }),
    ...[...bridge.vlans].map(([name, range]) => element("portgroup", { name }, [vlan(range)])),
  ]);
  return printDocument({ before: [], root: indented(root), after: [] });
};
