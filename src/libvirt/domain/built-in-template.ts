import pc from "../../../templates/domain-pc.xml";
import q35 from "../../../templates/domain-q35.xml";
import virt from "../../../templates/domain-virt.xml";
import type { Profile } from "../../guest/profile.ts";
import { readDocument } from "../../xml/read-document.ts";
import type { Template } from "./template.ts";

/** A guest with PCIe takes a new device while it runs only where a root port is free for it. */
const HOTPLUG_PORTS = 4;

const read = (text: string): Template => {
  const document = readDocument(text, "domain");
  if (!document.ok) throw new Error(`a built-in template: ${document.problems[0]?.message ?? ""}`);
  return { document: document.value, hotplugPorts: HOTPLUG_PORTS };
};

const once = new Map<string, Template>();

const readOnce = (text: string): Template => {
  const template = once.get(text) ?? read(text);
  once.set(text, template);
  return template;
};

/** Returns the built-in template of a profile's machine: each has other buses and devices. */
export const builtInTemplate = ({ machine, arch }: Pick<Profile, "machine" | "arch">): Template => {
  if (arch === "aarch64") return readOnce(virt);
  return readOnce(machine === "pc" || machine?.startsWith("pc-i440fx-") === true ? pc : q35);
};
