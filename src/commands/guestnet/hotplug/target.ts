import { readNames, saidBy } from "../../../run/virsh.ts";
import {
  edited,
  guestElement,
  readLibvirtDomain,
  type DomainNic,
  nicsIn,
} from "../../../hotplug/edit-domain.ts";
import { attribute, child, textOf, type XmlElement } from "../../../xml/tree.ts";
import { Failure } from "../../../values/failure.ts";
import type { ThisHost } from "../this-host.ts";
import { nearest } from "../../../values/nearest.ts";
import { quoteWord } from "../../../values/shell-word.ts";

/** One of a guest's two XMLs: that of the running guest, or that of its next start. */
export type Which = "live" | "config";

/** One guest, running or not. */
export interface Target {
  readonly name: string;
  readonly uuid: string;
  readonly running: boolean;
}

const dump = async (
  { virsh }: ThisHost,
  name: string,
  ...more: readonly string[]
): Promise<XmlElement | null> => {
  const ran = await virsh("dumpxml", ...more, "--domain", name);
  if (ran.code !== 0) return null;
  const domain = readLibvirtDomain(ran.stdout);
  // virsh takes a number for the ID of a running guest first.
  return textOf(child(domain, "name")) === name ? domain : null;
};

/** The guest of this name. */
export const findTarget = async (name: string, live: ThisHost): Promise<Target> => {
  const domain = await dump(live, name);
  const uuid = textOf(child(domain, "uuid"));
  if (domain !== null && uuid !== "") return { name, uuid, running: attribute(domain, "id") !== null };
  const like = nearest(name, await readNames(live.virsh), 2);
  throw new Failure(
    `cannot find guest ${name}: it does not exist`,
    like === null ? "virsh list --all" : `did you mean ${like}?`,
  );
};

/** A guest's XML as it is now. */
export const readTarget = async (
  { name, uuid }: Target,
  which: Which,
  { virsh }: ThisHost,
): Promise<XmlElement> => {
  const ran = await virsh("dumpxml", ...(which === "config" ? ["--inactive"] : []), "--domain", uuid);
  if (ran.code !== 0)
    throw new Failure(`cannot read guest ${name}: ${saidBy(ran)}`, `virsh dumpxml ${quoteWord(name)}`);
  return readLibvirtDomain(ran.stdout);
};

/** The NIC of this tap or MAC address. */
export const findNic = (domain: XmlElement, name: string, nic: string): DomainNic => {
  const all = nicsIn(domain);
  const found = all.find(({ mac, tap }) => tap === nic || mac === nic.toLowerCase());
  if (found !== undefined) return found;
  const names = all.map(({ mac, tap }) => tap ?? mac);
  throw new Failure(
    `cannot find NIC ${nic}: guest ${name} does not have it`,
    names.length === 0 ? `virsh domiflist ${quoteWord(name)}` : `use one of ${names.join(", ")}`,
  );
};

/** Returns the guest's domain with changed metadata of guestnet. */
export const told = (domain: XmlElement, change: (guest: XmlElement) => XmlElement): XmlElement =>
  edited(domain, change(guestElement(domain)));
