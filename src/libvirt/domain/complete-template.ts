import type { Profile } from "../../guest/profile.ts";
import { type LibvirtVersion, PORTABLE } from "../../values/libvirt-version.ts";
import { replaced, withAttributes, withChild } from "../../xml/edit.ts";
import { indented } from "../../xml/indent.ts";
import { printDocument } from "../../xml/print.ts";
import { readDocument } from "../../xml/read-document.ts";
import { attribute, child, type XmlDocument, type XmlElement } from "../../xml/tree.ts";
import { withBootOrder } from "./boot-order.ts";
import { withDisks } from "./disks.ts";
import { DOMAIN } from "./element-order.ts";
import { withHostDevices } from "./host-devices.ts";
import { withIdentity } from "./identity.ts";
import { withInterfaces } from "./interfaces.ts";
import { withClock, withOs } from "./machine.ts";
import { withIothreads, withMemory, withProcessor } from "./resources.ts";
import { withRootPorts } from "./root-ports.ts";
import { withSwitchedDevices } from "./switched-devices.ts";

/** The devices, the PCIe ports that they and some later ones need, and from which of them the guest boots. */
const withDevices = (
  domain: XmlElement,
  profile: Profile,
  iothreads: number,
  libvirt: LibvirtVersion,
): XmlElement => {
  const complete = withChild(domain, "devices", DOMAIN);
  const there = child(complete, "devices");
  if (there === null) throw new Error("a domain without devices");
  const disks = withDisks(there, profile.disks, iothreads);
  const nics = withInterfaces(disks.devices, profile.interfaces, libvirt);
  const machine = attribute(child(child(domain, "os"), "type"), "machine") ?? "";
  const devices = withRootPorts(
    withSwitchedDevices(withHostDevices(nics.devices, profile.hostDevices), profile),
    machine,
    profile.hotplugPorts,
  );
  return withBootOrder(replaced(complete, there, devices), profile, [...disks.named, ...nics.named]);
};

/**
 * Completes a template with what the profile says. All else in it stays as it is.
 *
 * @param libvirt the oldest version that has to take it
 * @returns the domain XML, ending in a line break; the same profile always gives the same bytes
 */
export const completeTemplate = (
  template: XmlDocument,
  profile: Profile,
  libvirt: LibvirtVersion,
): string => {
  const type = profile.virtType ?? attribute(template.root, "type") ?? "kvm";
  const typed = withAttributes(template.root, { type });
  const described = withMemory(withIdentity(typed, profile, libvirt), profile);
  const running = withClock(withOs(withProcessor(described, profile), profile), profile);
  const { domain, count } = withIothreads(running, profile);
  return printDocument({ ...template, root: indented(withDevices(domain, profile, count, libvirt)) });
};

/**
 * {@link completeTemplate} for a single guest.
 *
 * @param template a text that {@link readDocument} takes
 */
export const renderDomain = (
  profile: Profile,
  template: string,
  libvirt: LibvirtVersion = PORTABLE,
): string => {
  const read = readDocument(template, "domain");
  if (!read.ok) throw new Error(`a template that was not checked: ${read.problems[0]?.message ?? ""}`);
  return completeTemplate(read.value, profile, libvirt);
};
