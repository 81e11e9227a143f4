import { readAccess, readPort, readTrunk } from "./read-port.ts";
import { readRouted } from "./read-routed.ts";
import type { XmlElement } from "../../xml/read-xml.ts";
import { type Wish, wrong } from "../domain/wish.ts";

interface NicElement {
  readonly read: (element: XmlElement) => Wish;
  /** The operation of the hook's at which the host's side of such a NIC is made. The hook's filter is built from it. */
  readonly madeAt: "prepare" | "start";
}

/** What may stand inside our `<guest>`, by the element's name. */
export const NIC_ELEMENTS: Readonly<Record<string, NicElement>> = {
  access: { read: readAccess, madeAt: "start" },
  trunk: { read: readTrunk, madeAt: "start" },
  port: { read: readPort, madeAt: "start" },
  routed: { read: readRouted, madeAt: "prepare" },
};

/** What one element inside our `<guest>` says. An element that we do not know is wrong: a newer genxml wrote it. */
export const readWish = (element: XmlElement): Wish => {
  const known = Object.hasOwn(NIC_ELEMENTS, element.name) ? NIC_ELEMENTS[element.name] : undefined;
  if (known !== undefined) return known.read(element);
  const names = Object.keys(NIC_ELEMENTS).map((name) => `<${name}>`);
  const all = `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  return wrong(`this version knows ${all}, not <${element.name}>: update the hook`);
};

/**
 * A pattern of the shell's `case` for XML that has an element made at this operation. Which prefix the namespace has is for libvirt and
 * the administrator to say.
 */
export const shellPattern = (operation: NicElement["madeAt"]): string =>
  Object.entries(NIC_ELEMENTS)
    .filter(([, { madeAt }]) => madeAt === operation)
    .flatMap(([name]) => [`*:${name}\\ *`, `*'<${name} '*`])
    .join(" | ");
