import type { Firmware } from "../../../guest/hardware.ts";
import type { Profile } from "../../../guest/profile.ts";
import {
  appended,
  withAttributes,
  withChild,
  withoutAttributes,
  withoutNamed,
  withText,
} from "../../../xml/edit.ts";
import { attribute, child, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { DOMAIN, OS } from "./element-order.ts";

/** The firmware that a template already asks for; null when it asks for a certain file. */
const firmwareOf = (os: XmlElement | null): Firmware | null => {
  if (attribute(os, "firmware") !== "efi") return child(os, "loader") === null ? "bios" : null;
  const features = childrenOf(child(os, "firmware") ?? os, "feature");
  const secure = features.some(
    (f) => attribute(f, "name") === "secure-boot" && attribute(f, "enabled") === "yes",
  );
  return secure ? "uefi-secure" : "uefi";
};

const feature = (name: string, enabled: "yes" | "no"): XmlElement => element("feature", { enabled, name });

const osWith = (old: XmlElement, firmware: Firmware): XmlElement => {
  // libvirt has filled in the paths of the other firmware; it fills in those of this one when they are not there.
  const bare = withoutNamed(withoutAttributes(old, "firmware"), "firmware", "loader", "nvram");
  if (firmware === "bios") return bare;
  const secure = firmware === "uefi-secure";
  const os = withChild(withAttributes(bare, { firmware: "efi" }), "firmware", OS, (one) => ({
    ...one,
    children: secure
      ? [feature("secure-boot", "yes"), feature("enrolled-keys", "yes")]
      : [feature("secure-boot", "no")],
  }));
  // Up to libvirt 8.5 the features alone do not ask for a secure loader.
  return secure ? withChild(os, "loader", OS, (loader) => withAttributes(loader, { secure: "yes" })) : os;
};

const withFirmware = (domain: XmlElement, firmware: Firmware): XmlElement => {
  if (firmwareOf(child(domain, "os")) === firmware) return domain;
  const changed = withChild(domain, "os", DOMAIN, (os) => osWith(os, firmware));
  if (firmware === "bios") return changed;
  return withChild(changed, "features", DOMAIN, (old) => {
    // libvirt: "UEFI requires ACPI on this architecture".
    const features = child(old, "acpi") === null ? appended(old, element("acpi")) : old;
    if (firmware !== "uefi-secure") return features;
    return child(features, "smm") === null
      ? appended(features, element("smm", { state: "on" }))
      : withChild(features, "smm", [], (smm) => withAttributes(smm, { state: "on" }));
  });
};

const withKernel = (os: XmlElement, boot: NonNullable<Profile["boot"]>): XmlElement => {
  const parts = [
    ["kernel", boot.kernel],
    ["initrd", boot.initrd],
    ["cmdline", boot.cmdline],
  ] as const;
  return parts.reduce(
    (changed, [name, value]) =>
      value === null ? changed : withChild(changed, name, OS, (one) => withText(one, value)),
    withoutNamed(os, "kernel", "initrd", "cmdline", "boot"),
  );
};

/** Sets architecture, machine, firmware and direct boot, if the profile has them. */
export const withOs = (domain: XmlElement, { arch, machine, firmware, boot }: Profile): XmlElement => {
  const typed = withChild(domain, "os", DOMAIN, (os) => {
    const complete =
      child(os, "type") === null
        ? withChild(os, "type", OS, (type) =>
            withText(withAttributes(type, { arch: "x86_64", machine: "q35" }), "hvm"),
          )
        : os;
    return withChild(complete, "type", OS, (type) =>
      withAttributes(type, { ...(arch === null ? {} : { arch }), ...(machine === null ? {} : { machine }) }),
    );
  });
  const flashed = firmware === null ? typed : withFirmware(typed, firmware);
  return boot === null ? flashed : withChild(flashed, "os", DOMAIN, (os) => withKernel(os, boot));
};

/** The clock's base, and what ends or restarts the guest. The clock's timers are the template's. */
export const withClock = (domain: XmlElement, profile: Profile): XmlElement => {
  const { clock } = profile;
  const actions = [
    ["on_poweroff", profile.onPoweroff],
    ["on_reboot", profile.onReboot],
    ["on_crash", profile.onCrash],
  ] as const;
  const clocked =
    clock === null
      ? domain
      : withChild(domain, "clock", DOMAIN, (old) =>
          withAttributes(withoutAttributes(old, "adjustment", "basis", "timezone", "start"), {
            offset: clock.kind,
            ...(clock.kind === "timezone" ? { timezone: clock.timezone } : {}),
          }),
        );
  return actions.reduce(
    (changed, [name, action]) =>
      action === null ? changed : withChild(changed, name, DOMAIN, (one) => withText(one, action)),
    clocked,
  );
};
