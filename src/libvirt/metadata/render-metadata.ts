import type { XmlElement } from "../../xml/render-element.ts";
import type { Attachment, PortPolicy } from "../../guest/attachment.ts";
import { never } from "../../values/brand.ts";
import { isHooked } from "../../guest/libvirt-attachment.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import type { ProfileNic } from "../../guest/profile.ts";
import { renderVidSet } from "../../values/vid.ts";
import { NAMESPACE } from "../domain/wish.ts";
import { nativeVlans } from "../domain/render-vlan.ts";

/** Only what differs from the default is written, so that the XML says what somebody wanted. */
const policyAttributes = (attachment: Attachment): Readonly<Record<string, string>> => {
  const { isolated, antispoof } =
    attachment.kind === "routed" ? { isolated: false, antispoof: attachment.antispoof } : attachment.policy;
  return { ...(isolated ? { isolated: "yes" } : {}), ...(antispoof ? {} : { antispoof: "no" }) };
};

const uplinkAttributes = ({ uplinks }: PortPolicy): Readonly<Record<string, string>> =>
  uplinks === null
    ? {}
    : { uplinks: uplinks.ports.join(" "), ...(uplinks.mode === "follow-guests" ? { follow: "yes" } : {}) };

/** A port of a bridge: what else is said of it besides its VLANs. */
const renderPolicy = (port: XmlElement, policy: PortPolicy): void => {
  port.att(uplinkAttributes(policy));
  if (policy.guard === null) return;
  const { addresses, services } = policy.guard;
  if (services.length > 0) port.att({ services: services.join(" ") });
  for (const address of addresses) port.ele("guestnet:address", {}, NAMESPACE).txt(address);
};

const renderNic = (guest: XmlElement, nic: ProfileNic, libvirt: LibvirtVersion): void => {
  const { mac, attachment } = nic;
  if (!isHooked(attachment)) return;
  const element = (name: string, attributes: Readonly<Record<string, string>>): XmlElement =>
    guest.ele(`guestnet:${name}`, { mac, ...attributes, ...policyAttributes(attachment) }, NAMESPACE);
  // The VLANs are in the interface's own <vlan>: they are not said a second time, so nothing can disagree.
  if (nativeVlans(nic, libvirt) !== null) {
    const port = element("port", {});
    if (attachment.kind !== "routed") renderPolicy(port, attachment.policy);
    return;
  }
  switch (attachment.kind) {
    case "access":
      renderPolicy(element("access", { vlan: String(attachment.vlan) }), attachment.policy);
      return;
    case "trunk": {
      const native = attachment.native === null ? {} : { native: String(attachment.native) };
      const trunk = element("trunk", { vlans: renderVidSet(attachment.tagged), ...native });
      renderPolicy(trunk, attachment.policy);
      return;
    }
    case "routed": {
      const { table, metric, anycast, reach } = attachment;
      const routed = element("routed", {
        ...(table.kind === "vrf" ? { vrf: table.vrf } : {}),
        ...(table.kind === "table" ? { table: String(table.id) } : {}),
        ...(metric === null ? {} : { metric: String(metric) }),
        ...(anycast ? { anycast: "yes" } : {}),
        ...(reach === "any" ? {} : { reach }),
      });
      const list = (name: string, values: readonly string[]): void => {
        for (const value of values) routed.ele(`guestnet:${name}`, {}, NAMESPACE).txt(value);
      };
      list("address", attachment.addresses);
      list("prefix", attachment.prefixes);
      list("gateway", attachment.gateways);
      list("proxy", attachment.proxyOn);
      return;
    }
    default:
      never(attachment);
  }
};

/** Writes what the hook will read: one element for each NIC that it has to do with, found again by its MAC address. @returns the whole */
export const renderMetadata = (
  metadata: XmlElement,
  nics: readonly ProfileNic[],
  libvirt: LibvirtVersion,
): XmlElement => {
  const guest = metadata.ele("guestnet:guest", {}, NAMESPACE);
  for (const nic of nics) renderNic(guest, nic, libvirt);
  return guest;
};
