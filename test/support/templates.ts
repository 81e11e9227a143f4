import { readFileSync } from "node:fs";
import type { Profile } from "../../src/guest/profile.ts";
import { completeTemplate } from "../../src/libvirt/domain/complete-template.ts";
import { printDomain, type Template } from "../../src/libvirt/domain/template.ts";
import { type LibvirtVersion, PORTABLE } from "../../src/values/libvirt-version.ts";
import { readDocument } from "../../src/xml/read-document.ts";
import type { XmlElement } from "../../src/xml/tree.ts";

const ours = ["q35", "pc", "virt"].map((name) => readFileSync(`templates/domain-${name}.xml`, "utf8"));

/** A template as genxml reads it: the built-in ones alone bring free root ports. */
const templateOf = (text: string): Template => {
  const read = readDocument(text, "domain");
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return { document: read.value, hotplugPorts: ours.includes(text) ? 4 : null };
};

/** The text of the built-in template for a profile. */
export const builtInText = ({ arch, machine }: Pick<Profile, "arch" | "machine">): string => {
  const [q35 = "", pc = "", virt = ""] = ours;
  if (arch === "aarch64") return virt;
  return machine === "pc" || machine?.startsWith("pc-i440fx-") === true ? pc : q35;
};

export const completed = (profile: Profile, template: string): XmlElement =>
  completeTemplate(templateOf(template), profile, PORTABLE);

export const renderDomain = (
  profile: Profile,
  template: string,
  libvirt: LibvirtVersion = PORTABLE,
): string => {
  const read = templateOf(template);
  return printDomain(read, completeTemplate(read, profile, libvirt));
};
