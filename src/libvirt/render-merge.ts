import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { DEVICES } from "./render-order.ts";
import { attributeOf, childOf, childrenOf, drop, isElement, putBehind, textOf } from "./render-tree.ts";

/** What a profile says of a device that it names, even where it says nothing. All else of the template's stays. */
export interface Owned {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  readonly driver: readonly string[];
}

const attributesOf = ({ node }: XMLBuilder): readonly (readonly [string, string])[] =>
  isElement(node) ? [...node.attributes].map(({ name, value }) => [name, value] as const) : [];

/** Whether an element already says all that another one says. */
export const covers = (old: XMLBuilder, wanted: XMLBuilder): boolean => {
  const inner = childrenOf(wanted);
  return (
    old.node.nodeName === wanted.node.nodeName &&
    attributesOf(wanted).every(([name, value]) => attributeOf(old, name) === value) &&
    (inner.length > 0 || textOf(wanted) === "" || textOf(old) === textOf(wanted)) &&
    inner.every((child) => childrenOf(old, child.node.nodeName).some((candidate) => covers(candidate, child)))
  );
};

/** Moves a device that was appended to its place: behind its like, or as libvirt orders devices. */
export const settle = (devices: XMLBuilder, device: XMLBuilder): void => {
  const others = childrenOf(devices).filter(({ node }) => node !== device.node);
  const name = device.node.nodeName;
  const rank = DEVICES.findIndex((candidate) => candidate === name);
  const before = new Set<string>(DEVICES.slice(0, Math.max(0, rank)));
  putBehind(
    others.findLast(({ node }) => node.nodeName === name) ??
      others.findLast(({ node }) => before.has(node.nodeName)) ??
      null,
    device,
  );
};

const mergeDriver = (old: XMLBuilder, wanted: XMLBuilder, owned: readonly string[]): void => {
  for (const name of owned) old.removeAtt(name);
  for (const [name, value] of attributesOf(wanted)) old.att(name, value);
};

/** Gives a device of the template what the profile says of it: its address, alias and all unknown elements stay. */
export const merge = (old: XMLBuilder, wanted: XMLBuilder, owned: Owned): void => {
  for (const name of owned.attributes) old.removeAtt(name);
  for (const [name, value] of attributesOf(wanted)) old.att(name, value);
  for (const name of owned.children) {
    if (childOf(wanted, name) === null) childrenOf(old, name).forEach(drop);
  }
  const oldDriver = childOf(old, "driver");
  if (oldDriver !== null && childOf(wanted, "driver") === null) {
    for (const name of owned.driver) oldDriver.removeAtt(name);
    if (attributesOf(oldDriver).length === 0 && childrenOf(oldDriver).length === 0) drop(oldDriver);
  }
  let anchor: XMLBuilder | null = null;
  for (const child of childrenOf(wanted)) {
    const before = childOf(old, child.node.nodeName);
    if (before !== null && child.node.nodeName === "driver") {
      mergeDriver(before, child, owned.driver);
      anchor = before;
    } else if (before !== null && covers(before, child)) {
      anchor = before;
    } else {
      old.node.appendChild(child.node);
      putBehind(before ?? anchor, child);
      before?.remove();
      anchor = child;
    }
  }
  wanted.remove();
};
