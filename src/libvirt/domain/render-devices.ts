import type { XmlElement } from "../../xml/render-element.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import type { Profile } from "../../guest/profile.ts";
import { renderBootOrder } from "./render-boot-order.ts";
import { renderDisks } from "./render-disks.ts";
import { renderHostDevices } from "./render-host-devices.ts";
import { renderInterfaces } from "./render-interfaces.ts";
import { DOMAIN } from "./render-order.ts";
import { renderOptional } from "./render-optional.ts";
import { renderPorts } from "./render-ports.ts";
import { place } from "./render-tree.ts";

/** Writes the devices, the PCIe ports that they and some later ones need, and from which of them the guest boots. */
export const renderDevices = (
  domain: XmlElement,
  profile: Profile,
  iothreads: number,
  libvirt: LibvirtVersion,
): void => {
  const devices = place(domain, "devices", DOMAIN);
  const named = [
    ...renderDisks(devices, profile.disks, iothreads),
    ...renderInterfaces(devices, profile.interfaces, libvirt),
  ];
  renderHostDevices(devices, profile.hostDevices);
  renderOptional(devices, profile);
  renderPorts(domain, devices, profile.hotplugPorts);
  renderBootOrder(domain, devices, profile, (device) => named.includes(device));
};
