import type { XmlElement } from "../../xml/render-element.ts";
import { never } from "../../values/brand.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { type EmulatedNic, isPassed, type ProfileNic, type Rate } from "../../guest/profile.ts";
import { nativeVlans, renderVlan } from "./render-vlan.ts";

const TYPES = {
  access: "bridge",
  trunk: "bridge",
  unfiltered: "bridge",
  routed: "ethernet",
  network: "network",
  ovs: "bridge",
  macvtap: "direct",
  hostdev: "hostdev",
} as const satisfies Record<ProfileNic["attachment"]["kind"], string>;

const renderSource = (element: XmlElement, { attachment }: ProfileNic): void => {
  switch (attachment.kind) {
    case "access":
    case "trunk":
    case "unfiltered":
      element.ele("source", { bridge: attachment.bridge });
      return;
    case "routed":
      return;
    case "network": {
      const { network, portgroup } = attachment;
      element.ele("source", { network, ...(portgroup === null ? {} : { portgroup }) });
      return;
    }
    case "ovs": {
      element.ele("source", { bridge: attachment.bridge });
      const port = element.ele("virtualport", { type: "openvswitch" });
      port.ele("parameters", { interfaceid: attachment.interfaceId });
      return;
    }
    case "macvtap":
      element.ele("source", { dev: attachment.source, mode: attachment.mode });
      return;
    case "hostdev": {
      const { domain, bus, slot, function: fn } = attachment.source;
      const address = { domain: `0x${domain}`, bus: `0x${bus}`, slot: `0x${slot}`, function: `0x${fn}` };
      element.ele("source").ele("address", { type: "pci", ...address });
      return;
    }
    default:
      never(attachment);
  }
};

const renderRate = (bandwidth: XmlElement, direction: string, rate: Rate | null): void => {
  if (rate === null) return;
  const given = Object.entries(rate).flatMap(([key, kib]) => (kib === null ? [] : [[key, String(kib)]]));
  bandwidth.ele(direction, Object.fromEntries(given) as Record<string, string>);
};

/** What only a NIC has that QEMU emulates. */
const renderEmulated = (element: XmlElement, nic: EmulatedNic): void => {
  const { attachment, bandwidth } = nic;
  if (bandwidth.inbound !== null || bandwidth.outbound !== null) {
    const limits = element.ele("bandwidth");
    renderRate(limits, "inbound", bandwidth.inbound);
    renderRate(limits, "outbound", bandwidth.outbound);
  }
  // managed="no": the hook makes the tap, so without the hook the guest does not start at all.
  element.ele("target", { dev: nic.tap, ...(attachment.kind === "routed" ? { managed: "no" } : {}) });
  element.ele("model", { type: nic.model });
  if (nic.queues > 1) element.ele("driver", { queues: String(nic.queues) });
  if (nic.link === "down") element.ele("link", { state: "down" });
  if (nic.mtu !== null) element.ele("mtu", { size: String(nic.mtu) });
  // Where the hook knows the port, it sees to this flag itself.
  const isolated = "isolated" in attachment && attachment.isolated;
  if (isolated) element.ele("port", { isolated: "yes" });
};

/** Appends one `<interface>`. @returns it */
export const renderInterface = (
  devices: XmlElement,
  nic: ProfileNic,
  libvirt: LibvirtVersion,
): XmlElement => {
  const { kind } = nic.attachment;
  const managed = nic.attachment.kind === "hostdev" && nic.attachment.managed ? { managed: "yes" } : {};
  const element = devices.ele("interface", { type: TYPES[kind], ...managed });
  element.ele("mac", { address: nic.mac });
  renderSource(element, nic);
  const vlans = nativeVlans(nic, libvirt);
  if (vlans !== null) renderVlan(element, vlans);
  if (!isPassed(nic)) renderEmulated(element, nic);
  if (nic.bootOrder !== null) element.ele("boot", { order: String(nic.bootOrder) });
  return element;
};
