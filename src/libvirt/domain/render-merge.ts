import type { XmlElement } from "../../xml/render-element.ts";
import { DEVICES } from "./render-order.ts";
import { attributeOf, childOf, childrenOf, drop, putBehind, textOf } from "./render-tree.ts";

/** What a profile says of a device that it names, even where it says nothing. All else of the template's stays. */
export interface Owned {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  readonly driver: readonly string[];
}

/** Whether an element already says all that another one says. */
export const covers = (old: XmlElement, wanted: XmlElement): boolean => {
  const inner = childrenOf(wanted);
  return (
    old.name === wanted.name &&
    [...wanted.attributes].every(([name, value]) => attributeOf(old, name) === value) &&
    (inner.length > 0 || textOf(wanted) === "" || textOf(old) === textOf(wanted)) &&
    inner.every((child) => childrenOf(old, child.name).some((candidate) => covers(candidate, child)))
  );
};

/** Moves a device that was appended to its place: behind its like, or as libvirt orders devices. */
export const settle = (devices: XmlElement, device: XmlElement): void => {
  const others = childrenOf(devices).filter((other) => other !== device);
  const name = device.name;
  const rank = DEVICES.findIndex((candidate) => candidate === name);
  const before = new Set<string>(DEVICES.slice(0, Math.max(0, rank)));
  putBehind(
    others.findLast((other) => other.name === name) ??
      others.findLast((other) => before.has(other.name)) ??
      null,
    device,
  );
};

const mergeDriver = (old: XmlElement, wanted: XmlElement, owned: readonly string[]): void => {
  for (const name of owned) old.attributes.delete(name);
  for (const [name, value] of wanted.attributes) old.att({ [name]: value });
};

/** Gives a device of the template what the profile says of it: its address, alias and all unknown elements stay. */
export const merge = (old: XmlElement, wanted: XmlElement, owned: Owned): void => {
  for (const name of owned.attributes) old.attributes.delete(name);
  for (const [name, value] of wanted.attributes) old.att({ [name]: value });
  for (const name of owned.children) {
    if (childOf(wanted, name) === null) childrenOf(old, name).forEach(drop);
  }
  const oldDriver = childOf(old, "driver");
  if (oldDriver !== null && childOf(wanted, "driver") === null) {
    for (const name of owned.driver) oldDriver.attributes.delete(name);
    if (oldDriver.attributes.size === 0 && childrenOf(oldDriver).length === 0) drop(oldDriver);
  }
  let anchor: XmlElement | null = null;
  for (const child of childrenOf(wanted)) {
    const before = childOf(old, child.name);
    if (before !== null && child.name === "driver") {
      mergeDriver(before, child, owned.driver);
      anchor = before;
    } else if (before !== null && covers(before, child)) {
      anchor = before;
    } else {
      old.insert(child, null);
      putBehind(before ?? anchor, child);
      if (before !== null) old.remove(before);
      anchor = child;
    }
  }
  wanted.parent?.remove(wanted);
};
