import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saidBy } from "../../../run/virsh.ts";
import { guestElement, toSetMetadata } from "../../../hotplug/edit-domain.ts";
import { NAMESPACE, PREFIX } from "../../../libvirt/metadata/guest-element.ts";
import { printXml } from "../../../xml/print.ts";
import type { XmlElement } from "../../../xml/tree.ts";
import { Failure } from "../../../values/failure.ts";
import type { ThisHost } from "../this-host.ts";
import type { Target, Which } from "./target.ts";
import { quoteWord } from "../../../values/shell-word.ts";

const fail = (name: string, what: string, said: string): never => {
  throw new Failure(`cannot ${what} of guest ${name}: ${said}`, `virsh dumpxml ${quoteWord(name)}`);
};

/** Writes guestnet's metadata of a domain from this element. libvirt calls no hook for it. */
export const writeMetadata = async (
  { name, uuid }: Target,
  domain: XmlElement,
  which: Which,
  { virsh }: ThisHost,
): Promise<void> => {
  const text = printXml(toSetMetadata(guestElement(domain)));
  const where = ["--uri", NAMESPACE, "--key", PREFIX, "--set", text, `--${which}`];
  const ran = await virsh("metadata", "--domain", uuid, ...where);
  if (ran.code !== 0) fail(name, "change the metadata", saidBy(ran));
};

/** attach-device, detach-device, update-device: virsh reads the device from a file. */
export const device = async (
  verb: "attach" | "detach" | "update",
  { name, uuid }: Target,
  element: XmlElement,
  which: Which,
  { virsh }: ThisHost,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-"));
  try {
    const file = join(folder, "device.xml");
    writeFileSync(file, printXml(element), { mode: 0o600 });
    const ran = await virsh(`${verb}-device`, "--domain", uuid, "--file", file, `--${which}`);
    if (ran.code !== 0) fail(name, `${verb} the NIC`, saidBy(ran));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Puts the guest's cable in, or pulls it. The tap on the host does not change. */
export const setLink = async (
  { name, uuid }: Target,
  mac: string,
  state: "up" | "down",
  { virsh }: ThisHost,
): Promise<void> => {
  const ran = await virsh("domif-setlink", "--domain", uuid, "--interface", mac, "--state", state);
  if (ran.code !== 0) fail(name, `set the link ${state} of NIC ${mac}`, saidBy(ran));
};
