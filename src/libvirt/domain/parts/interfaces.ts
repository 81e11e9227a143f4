import { isHooked } from "../../../guest/attachment.ts";
import type { HostdevAttachment, TapAttachment } from "../../../guest/libvirt-attachment.ts";
import {
  type EmulatedNic,
  type Failover,
  isPassed,
  type ProfileNic,
  type Rate,
} from "../../../guest/profile.ts";
import { never } from "../../../values/brand.ts";
import type { LibvirtVersion } from "../../../values/libvirt-version.ts";
import { replaced } from "../../../xml/edit.ts";
import { attribute, child, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { writtenKind } from "../../metadata/nic-elements.ts";
import { nativeVlans, vlanElement } from "../../network/vlan.ts";
import { merged, type Owned, withDevice } from "./merge-device.ts";
import { pciAttributes } from "./host-devices.ts";

const OWNED: Owned = {
  attributes: ["managed"],
  // The attachment is written whole: remains of another kind would be rejected, or take effect.
  children: ["source", "target", "virtualport", "vlan", "port", "script", "downscript", "backenddomain"],
  driver: ["queues"],
};

const TYPES = {
  unfiltered: "bridge",
  network: "network",
  ovs: "bridge",
  macvtap: "direct",
  hostdev: "hostdev",
} as const satisfies Record<(TapAttachment | HostdevAttachment)["kind"], string>;

const source = ({ attachment }: ProfileNic): readonly XmlElement[] => {
  if (isHooked(attachment)) return writtenKind(attachment).source(attachment);
  switch (attachment.kind) {
    case "unfiltered":
      return [element("source", { bridge: attachment.bridge })];
    case "network": {
      const { network, portgroup } = attachment;
      return [element("source", { network, ...(portgroup === null ? {} : { portgroup }) })];
    }
    case "ovs":
      return [
        element("source", { bridge: attachment.bridge }),
        element("virtualport", { type: "openvswitch" }, [
          element("parameters", { interfaceid: attachment.interfaceId }),
        ]),
      ];
    case "macvtap":
      return [element("source", { dev: attachment.source, mode: attachment.mode })];
    case "hostdev":
      return [
        element("source", {}, [element("address", { type: "pci", ...pciAttributes(attachment.source) })]),
      ];
    default:
      return never(attachment);
  }
};

const rate = (direction: string, limits: Rate | null): readonly XmlElement[] =>
  limits === null
    ? []
    : [
        element(
          direction,
          Object.fromEntries(
            Object.entries(limits).flatMap(([key, kib]) => (kib === null ? [] : [[key, String(kib)]])),
          ),
        ),
      ];

/** By its alias the other half of a pair finds it; libvirt keeps those that begin with `ua-`. */
const aliasOf = ({ tap }: EmulatedNic): string => `ua-${tap}`;

/** Returns the elements of a NIC that QEMU emulates. */
const emulated = (nic: EmulatedNic): readonly XmlElement[] => {
  const { attachment, bandwidth } = nic;
  const limits = [...rate("inbound", bandwidth.inbound), ...rate("outbound", bandwidth.outbound)];
  const managed = isHooked(attachment) && !writtenKind(attachment).managed ? { managed: "no" } : {};
  // If the hook manages the port, it sets this flag itself.
  const isolated = "isolated" in attachment && attachment.isolated;
  return [
    ...(limits.length === 0 ? [] : [element("bandwidth", {}, limits)]),
    element("target", { dev: nic.tap, ...managed }),
    element("model", { type: nic.model }),
    ...(nic.queues > 1 ? [element("driver", { queues: String(nic.queues) })] : []),
    ...(nic.link === "down" ? [element("link", { state: "down" })] : []),
    ...(nic.mtu === null ? [] : [element("mtu", { size: String(nic.mtu) })]),
    ...(isolated ? [element("port", { isolated: "yes" })] : []),
    ...(nic.failover === null
      ? []
      : [element("teaming", { type: "persistent" }), element("alias", { name: aliasOf(nic) })]),
  ];
};

/** The half of a pair that libvirt unplugs for a migration. */
const transientElement = (nic: EmulatedNic, { source: function_, vlan, managed }: Failover): XmlElement =>
  element("interface", { type: "hostdev", ...(managed ? { managed: "yes" } : {}) }, [
    element("mac", { address: nic.mac }),
    element("source", {}, [element("address", { type: "pci", ...pciAttributes(function_) })]),
    ...(vlan === null ? [] : [vlanElement({ kind: "access", vlan })]),
    element("teaming", { type: "transient", persistent: aliasOf(nic) }),
  ]);

/** Makes one `<interface>`. */
export const interfaceElement = (nic: ProfileNic, libvirt: LibvirtVersion): XmlElement => {
  const { attachment } = nic;
  const vlans = nativeVlans(nic, libvirt);
  const type = isHooked(attachment) ? writtenKind(attachment).type : TYPES[attachment.kind];
  const managed = attachment.kind === "hostdev" && attachment.managed ? { managed: "yes" } : {};
  return element("interface", { type, ...managed }, [
    element("mac", { address: nic.mac }),
    ...source(nic),
    ...(vlans === null ? [] : [vlanElement(vlans)]),
    ...(isPassed(nic) ? [] : emulated(nic)),
    ...(nic.bootOrder === null ? [] : [element("boot", { order: String(nic.bootOrder) })]),
  ]);
};

/** The other half of a failover pair: a function of a card with the MAC address of the NIC that stays (`<teaming>`). */
const isTransient = (nic: XmlElement): boolean => attribute(child(nic, "teaming"), "type") === "transient";

const macOf = (nic: XmlElement): string => (attribute(child(nic, "mac"), "address") ?? "").toLowerCase();

/**
 * Writes the NICs, each over the one of the template with its MAC address.
 *
 * @returns the devices, and the NICs' elements among them
 */
export const withInterfaces = (
  devices: XmlElement,
  nics: readonly ProfileNic[],
  libvirt: LibvirtVersion,
): { readonly devices: XmlElement; readonly named: readonly XmlElement[] } => {
  const there = childrenOf(devices, "interface");
  const named: XmlElement[] = [];
  let all = devices;
  for (const nic of nics) {
    const fresh = interfaceElement(nic, libvirt);
    const same = there.filter((candidate) => macOf(candidate) === nic.mac);
    const old = same.find((candidate) => isTransient(candidate) === isPassed(nic)) ?? same[0];
    const written = old === undefined ? fresh : merged(old, fresh, OWNED);
    all = old === undefined ? withDevice(all, fresh) : replaced(all, old, written);
    named.push(written);
    if (isPassed(nic) || nic.failover === null) continue;
    const half = transientElement(nic, nic.failover);
    const oldHalf = same.find(isTransient);
    all =
      oldHalf === undefined ? withDevice(all, half) : replaced(all, oldHalf, merged(oldHalf, half, OWNED));
  }
  return { devices: all, named };
};
