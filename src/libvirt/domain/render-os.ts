import type { XmlElement } from "../../xml/render-element.ts";
import type { Firmware } from "../../guest/hardware.ts";
import type { Profile } from "../../guest/profile.ts";
import { DOMAIN, OS } from "./render-order.ts";
import { attributeOf, childOf, childrenOf, dropAll, place, setText } from "./render-tree.ts";

/** The firmware that a template already asks for; null when it asks for a certain file. */
const firmwareOf = (os: XmlElement): Firmware | null => {
  if (attributeOf(os, "firmware") !== "efi") return childOf(os, "loader") === null ? "bios" : null;
  const features = childrenOf(childOf(os, "firmware") ?? os, "feature");
  const secure = features.some(
    (f) => attributeOf(f, "name") === "secure-boot" && attributeOf(f, "enabled") === "yes",
  );
  return secure ? "uefi-secure" : "uefi";
};

const renderFirmware = (domain: XmlElement, os: XmlElement, firmware: Firmware): void => {
  if (firmwareOf(os) === firmware) return;
  // libvirt has filled in the paths of the other firmware; it fills in those of this one when they are not there.
  os.attributes.delete("firmware");
  dropAll(os, "firmware", "loader", "nvram");
  if (firmware === "bios") return;
  const secure = firmware === "uefi-secure";
  os.att({ firmware: "efi" });
  // libvirt: "UEFI requires ACPI on this architecture".
  const features = place(domain, "features", DOMAIN);
  if (childOf(features, "acpi") === null) features.ele("acpi");
  const wanted = place(os, "firmware", OS);
  wanted.ele("feature", { enabled: secure ? "yes" : "no", name: "secure-boot" });
  if (!secure) return;
  wanted.ele("feature", { enabled: "yes", name: "enrolled-keys" });
  // Up to libvirt 8.5 the features alone do not ask for a secure loader.
  place(os, "loader", OS).att({ secure: "yes" });
  const smm = childOf(features, "smm") ?? features.ele("smm");
  smm.att({ state: "on" });
};

/** Machine, firmware and direct boot, as far as the profile says. */
export const renderOs = (domain: XmlElement, { machine, firmware, boot }: Profile): void => {
  const os = place(domain, "os", DOMAIN);
  if (childOf(os, "type") === null) {
    const type = place(os, "type", OS).att({ arch: "x86_64", machine: "q35" });
    setText(type, "hvm");
  }
  if (machine !== null) childOf(os, "type")?.att({ machine: machine });
  if (firmware !== null) renderFirmware(domain, os, firmware);
  if (boot === null) return;
  dropAll(os, "kernel", "initrd", "cmdline", "boot");
  place(os, "kernel", OS).txt(boot.kernel);
  if (boot.initrd !== null) place(os, "initrd", OS).txt(boot.initrd);
  if (boot.cmdline !== null) place(os, "cmdline", OS).txt(boot.cmdline);
};
