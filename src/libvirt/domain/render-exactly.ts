import type { XmlElement } from "../../xml/render-element.ts";
import { covers, settle } from "./render-merge.ts";
import { childrenOf, drop } from "./render-tree.ts";

export type Make = (devices: XmlElement) => XmlElement;
export type IsOne = (device: XmlElement) => boolean;

/** Sees to it that there is exactly this device of its kind; the template's own stays if it is already that. */
export const exactly = (devices: XmlElement, name: string, isOne: IsOne, make: Make | null): void => {
  const old = childrenOf(devices, name).filter(isOne);
  if (make === null) {
    old.forEach(drop);
    return;
  }
  const element = make(devices);
  if (element.parent !== devices) throw new Error(`<${name}> is not what was made of it`);
  const kept = old.find((device) => covers(device, element));
  if (kept === undefined) settle(devices, element);
  else devices.remove(element);
  for (const device of old) if (device !== kept) drop(device);
};

export const any: IsOne = () => true;
