import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { isHooked } from "../model/libvirt-attachment.ts";
import { type LibvirtVersion, PORTABLE } from "../model/libvirt-version.ts";
import type { Profile } from "../model/profile.ts";
import { renderDevices } from "./render-devices.ts";
import { renderMetadata } from "./render-metadata.ts";

const childOf = (parent: XMLBuilder, name: string): XMLBuilder | undefined =>
  parent.find((node) => node.node.nodeName === name, false, false);

/** The child of that name, emptied; made at the end when the template has none. */
const fresh = (parent: XMLBuilder, name: string): XMLBuilder => {
  const old = childOf(parent, name);
  if (old === undefined) return parent.ele(name);
  old.node.textContent = "";
  return old;
};

const setText = (parent: XMLBuilder, name: string, text: string): void => {
  fresh(parent, name).txt(text);
};

/** Puts an element of that name behind another, in place of one that the template may have. */
const insertBehind = (before: XMLBuilder, name: string, text: string): XMLBuilder => {
  const parent = before.up();
  childOf(parent, name)?.remove();
  const element = parent.ele(name).txt(text);
  parent.node.insertBefore(element.node, before.node.nextSibling);
  return element;
};

const renderFirmware = (domain: XMLBuilder, profile: Profile): void => {
  const os = childOf(domain, "os") ?? domain.ele("os");
  if (profile.firmware !== "bios") {
    const secure = profile.firmware === "uefi-secure";
    os.att("firmware", "efi");
    const firmware = os.ele("firmware");
    firmware.ele("feature", { enabled: secure ? "yes" : "no", name: "secure-boot" });
    if (secure) firmware.ele("feature", { enabled: "yes", name: "enrolled-keys" });
    // Up to libvirt 8.5 the features alone do not ask for a secure loader.
    if (secure) os.ele("loader", { secure: "yes" });
    if (secure) (childOf(domain, "features") ?? domain.ele("features")).ele("smm", { state: "on" });
  }
  if (profile.boot !== null) {
    os.ele("kernel").txt(profile.boot.kernel);
    if (profile.boot.initrd !== null) os.ele("initrd").txt(profile.boot.initrd);
    if (profile.boot.cmdline !== null) os.ele("cmdline").txt(profile.boot.cmdline);
  } else if (profile.disks.length > 0 && profile.interfaces.every((nic) => nic.bootOrder === null)) {
    // libvirt takes either this or the order of devices, never both.
    os.ele("boot", { dev: "hd" });
  }
};

const renderProcessor = (domain: XMLBuilder, profile: Profile): void => {
  const vcpu = fresh(domain, "vcpu").txt(String(profile.vcpus));
  if (profile.disks.some((disk) => disk.bus === "virtio")) insertBehind(vcpu, "iothreads", "1");
  const cpu = fresh(domain, "cpu");
  if (profile.virtType === "qemu") {
    // Without KVM there is no host processor to pass through; `maximum` is all that QEMU can emulate.
    for (const name of ["mode", "check", "migratable"]) cpu.removeAtt(name);
    cpu.att("mode", "maximum");
  }
  cpu.ele("topology", { sockets: "1", cores: String(profile.vcpus), threads: "1" });
};

const renderIdentity = (domain: XMLBuilder, profile: Profile, libvirt: LibvirtVersion): void => {
  // Behind the name, where people look first.
  let last = childOf(domain, "name") ?? domain.ele("name");
  last.node.textContent = profile.name;
  last = insertBehind(last, "uuid", profile.uuid);
  if (profile.title !== null) last = insertBehind(last, "title", profile.title);
  if (profile.description !== null) last = insertBehind(last, "description", profile.description);
  if (profile.interfaces.some(({ attachment }) => isHooked(attachment)))
    renderMetadata(insertBehind(last, "metadata", ""), profile.interfaces, libvirt);
};

/**
 * Completes a template, a valid domain document, with what the profile says.
 *
 * @param libvirt the oldest version that has to take it
 * @returns the domain XML, ending in a line break; the same profile always gives the same bytes
 */
export const renderDomain = (
  profile: Profile,
  template: string,
  libvirt: LibvirtVersion = PORTABLE,
): string => {
  const document = create(template);
  const domain = document.root();
  domain.att("type", profile.virtType);
  renderIdentity(domain, profile, libvirt);
  setText(domain, "memory", String(profile.memoryKiB));
  renderProcessor(domain, profile);
  renderFirmware(domain, profile);
  renderDevices(childOf(domain, "devices") ?? domain.ele("devices"), profile, libvirt);
  return `${document.end({ prettyPrint: true, headless: true, indent: "  " })}\n`;
};
