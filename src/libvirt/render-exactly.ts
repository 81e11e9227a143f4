import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { covers, settle } from "./render-merge.ts";
import { childrenOf, drop } from "./render-tree.ts";

export type Make = (devices: XMLBuilder) => XMLBuilder;
export type IsOne = (device: XMLBuilder) => boolean;

/** Sees to it that there is exactly this device of its kind; the template's own stays if it is already that. */
export const exactly = (devices: XMLBuilder, name: string, isOne: IsOne, make: Make | null): void => {
  const old = childrenOf(devices, name).filter(isOne);
  if (make === null) {
    old.forEach(drop);
    return;
  }
  const element = make(devices);
  if (element.node.parentNode !== devices.node) throw new Error(`<${name}> is not what was made of it`);
  const kept = old.find((device) => covers(device, element));
  if (kept === undefined) settle(devices, element);
  else element.remove();
  for (const device of old) if (device !== kept) drop(device);
};

export const any: IsOne = () => true;
