import type { Profile } from "../../guest/profile.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { replaced, withAttributes, withChild } from "../../xml/edit.ts";
import { attribute, child, type XmlElement } from "../../xml/tree.ts";
import { withBootOrder } from "./parts/boot-order.ts";
import { withDisks } from "./parts/disks.ts";
import { DOMAIN } from "./parts/element-order.ts";
import { withHostDevices } from "./parts/host-devices.ts";
import { withIdentity } from "./parts/identity.ts";
import { withInterfaces } from "./parts/interfaces.ts";
import { withClock, withOs } from "./parts/machine.ts";
import { withIothreads, withMemory, withProcessor } from "./parts/resources.ts";
import { withPeripherals } from "./parts/peripherals.ts";
import { withHyperv, withMemoryBacking, withNuma } from "./parts/platform.ts";
import { withRootPorts } from "./parts/root-ports.ts";
import { withSwitchedDevices } from "./parts/switched-devices.ts";
import type { Template } from "./template.ts";

/** The devices, the PCIe ports that they and some later ones need, and from which of them the guest boots. */
const withDevices = (
  domain: XmlElement,
  profile: Profile,
  iothreads: number,
  hotplugPorts: number | null,
  libvirt: LibvirtVersion,
): XmlElement => {
  const complete = withChild(domain, "devices", DOMAIN);
  const there = child(complete, "devices");
  if (there === null) throw new Error("a domain without devices");
  const disks = withDisks(there, profile.disks, iothreads);
  const nics = withInterfaces(disks.devices, profile.interfaces, libvirt);
  const machine = attribute(child(child(domain, "os"), "type"), "machine") ?? "";
  const devices = withRootPorts(
    withPeripherals(
      withSwitchedDevices(withHostDevices(nics.devices, profile.hostDevices), profile),
      profile,
    ),
    machine,
    hotplugPorts,
  );
  return withBootOrder(replaced(complete, there, devices), profile, [...disks.named, ...nics.named]);
};

/**
 * Completes a template with the settings of the profile. Everything else in it is unchanged.
 *
 * @param libvirt the oldest version that has to take it
 */
export const completeTemplate = (
  { document, hotplugPorts }: Template,
  profile: Profile,
  libvirt: LibvirtVersion,
): XmlElement => {
  const type = profile.virtType ?? attribute(document.root, "type") ?? "kvm";
  const typed = withAttributes(document.root, { type });
  const described = withMemory(withIdentity(typed, profile, libvirt), profile);
  const running = withClock(withOs(withProcessor(described, profile), profile), profile);
  const placed = [withMemoryBacking, withNuma, withHyperv].reduce((all, set) => set(all, profile), running);
  const { domain, count } = withIothreads(placed, profile);
  return withDevices(domain, profile, count, profile.hotplugPorts ?? hotplugPorts, libvirt);
};
