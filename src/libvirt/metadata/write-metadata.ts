import type { Attachment, PortPolicy } from "../../guest/attachment.ts";
import { isHooked, type PortVlans } from "../../guest/libvirt-attachment.ts";
import type { ProfileNic } from "../../guest/profile.ts";
import { never } from "../../values/brand.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { renderVidSet } from "../../values/vid.ts";
import { type Attributes, text, type XmlElement } from "../../xml/tree.ts";
import { nativeVlans } from "../network/vlan.ts";
import { ownElement } from "./guest-element.ts";

/** Only what differs from the default is written, so that the XML shows what the profile sets. */
const switches = (attachment: Attachment): Attributes => {
  const { isolated, antispoof } =
    attachment.kind === "routed" ? { isolated: false, antispoof: attachment.antispoof } : attachment.policy;
  return { ...(isolated ? { isolated: "yes" } : {}), ...(antispoof ? {} : { antispoof: "no" }) };
};

const list = (name: string, values: readonly string[]): readonly XmlElement[] =>
  values.map((value) => ownElement(name, {}, [text(value)]));

/** What else is said of a port of a bridge, besides its VLANs. */
const port = (name: string, attributes: Attributes, { uplinks, guard }: PortPolicy): XmlElement =>
  ownElement(
    name,
    {
      ...attributes,
      ...(uplinks === null ? {} : { uplinks: uplinks.ports.join(" ") }),
      ...(uplinks?.mode === "follow-guests" ? { follow: "yes" } : {}),
      ...(guard === null || guard.services.length === 0 ? {} : { services: guard.services.join(" ") }),
    },
    list("address", guard?.addresses ?? []),
  );

/** Returns how an `<access>` or a `<trunk>` of ours says its VLANs. */
export const ownVlans = (vlans: PortVlans): Attributes =>
  vlans.kind === "access"
    ? { vlan: String(vlans.vlan) }
    : {
        vlans: renderVidSet(vlans.tagged),
        ...(vlans.native === null ? {} : { native: String(vlans.native) }),
      };

/** What the hook will read of one NIC; null for one that it has nothing to do with. */
export const nicMetadata = (nic: ProfileNic, libvirt: LibvirtVersion): XmlElement | null => {
  const { mac, attachment } = nic;
  if (!isHooked(attachment)) return null;
  const attributes = (own: Attributes): Attributes => ({ mac, ...own, ...switches(attachment) });
  // The VLANs are in the interface's own <vlan>: they are not said a second time, so nothing can disagree.
  if (attachment.kind !== "routed" && nativeVlans(nic, libvirt) !== null)
    return port("port", attributes({}), attachment.policy);
  switch (attachment.kind) {
    case "access":
    case "trunk":
      return port(attachment.kind, attributes(ownVlans(attachment)), attachment.policy);
    case "routed": {
      const { table, metric, anycast, reach } = attachment;
      const own = {
        ...(table.kind === "vrf" ? { vrf: table.vrf } : {}),
        ...(table.kind === "table" ? { table: String(table.id) } : {}),
        ...(metric === null ? {} : { metric: String(metric) }),
        ...(anycast ? { anycast: "yes" } : {}),
        ...(reach === "any" ? {} : { reach }),
      };
      return ownElement("routed", attributes(own), [
        ...list("address", attachment.addresses),
        ...list("prefix", attachment.prefixes),
        ...list("gateway", attachment.gateways),
        ...list("proxy", attachment.proxyOn),
      ]);
    }
    default:
      return never(attachment);
  }
};
