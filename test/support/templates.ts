import { readFileSync } from "node:fs";
import type { Profile } from "../../src/guest/profile.ts";
import { completeTemplate } from "../../src/libvirt/domain/complete-template.ts";
import { printDomain } from "../../src/libvirt/domain/print-domain.ts";
import type { Template } from "../../src/libvirt/domain/template.ts";
import { type LibvirtVersion, PORTABLE } from "../../src/values/libvirt-version.ts";
import { readDocument } from "../../src/xml/read-document.ts";
import type { XmlElement } from "../../src/xml/tree.ts";

const ours = readFileSync("templates/domain-q35.xml", "utf8");

/** A template as genxml reads it: the built-in one alone brings free root ports. */
const templateOf = (text: string): Template => {
  const read = readDocument(text, "domain");
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return { document: read.value, hotplugPorts: text === ours ? 4 : null };
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
