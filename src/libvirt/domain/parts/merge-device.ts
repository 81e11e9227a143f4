import {
  insertedBehind,
  replaced,
  withAttributes,
  withChild,
  without,
  withoutAttributes,
  withoutNamed,
} from "../../../xml/edit.ts";
import { attribute, child, childrenOf, textOf, type XmlElement } from "../../../xml/tree.ts";
import { DEVICES } from "./element-order.ts";

/** Returns whether an element has everything that another one has. */
export const covers = (old: XmlElement, wanted: XmlElement): boolean => {
  const inner = childrenOf(wanted);
  const text = textOf(wanted).trim();
  return (
    old.name === wanted.name &&
    Object.entries(wanted.attributes).every(([name, value]) => attribute(old, name) === value) &&
    (inner.length > 0 || text === "" || textOf(old).trim() === text) &&
    inner.every((one) => childrenOf(old, one.name).some((candidate) => covers(candidate, one)))
  );
};

/** Adds a device at its place: behind its like, or as libvirt orders devices. */
export const withDevice = (devices: XmlElement, device: XmlElement): XmlElement => {
  const { name } = device;
  const rank = DEVICES.findIndex((candidate) => candidate === name);
  const before = new Set<string>(DEVICES.slice(0, Math.max(0, rank)));
  const others = childrenOf(devices);
  const anchor =
    others.findLast((other) => other.name === name) ??
    others.findLast((other) => before.has(other.name)) ??
    null;
  return insertedBehind(devices, anchor, device);
};

/**
 * Sees to it that there is exactly this device of its kind; the template's own stays if it is already that.
 *
 * @param wanted null is none at all
 */
export const withOnly = (
  devices: XmlElement,
  name: string,
  wanted: XmlElement | null,
  isOne: (device: XmlElement) => boolean = () => true,
): XmlElement => {
  const old = childrenOf(devices, name).filter(isOne);
  if (wanted === null) return without(devices, ...old);
  const kept = old.find((device) => covers(device, wanted));
  const complete = kept === undefined ? withDevice(devices, wanted) : devices;
  return without(complete, ...old.filter((device) => device !== kept));
};

/** Sees to it that the devices of a kind are these, in this order; the template's own stay if they already are that. */
export const withExactly = (
  devices: XmlElement,
  name: string,
  wanted: readonly XmlElement[],
  isOne: (device: XmlElement) => boolean = () => true,
): XmlElement => {
  const old = childrenOf(devices, name).filter(isOne);
  const isSame = old.length === wanted.length && old.every((one, index) => coversAt(one, wanted[index]));
  return isSame ? devices : wanted.reduce(withDevice, without(devices, ...old));
};

const coversAt = (old: XmlElement, wanted: XmlElement | undefined): boolean =>
  wanted !== undefined && covers(old, wanted);

/** Gives an element this child, whole, or none of its name; one that is already the same stays as it is written. */
export const withWhole = (
  parent: XmlElement,
  name: string,
  wanted: XmlElement | null,
  order: readonly string[],
): XmlElement => {
  const old = child(parent, name);
  if (wanted === null) return withoutNamed(parent, name);
  if (old !== null && covers(old, wanted) && childrenOf(old).length === childrenOf(wanted).length)
    return parent;
  return withChild(parent, name, order, () => wanted);
};

/** Settings of a device that a profile names, possibly none. Everything else of the template's device is unchanged. */
export interface Owned {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  readonly driver: readonly string[];
}

const withoutDriver = (device: XmlElement, owned: readonly string[]): XmlElement => {
  const old = child(device, "driver");
  if (old === null) return device;
  const driver = withoutAttributes(old, ...owned);
  return Object.keys(driver.attributes).length === 0 && childrenOf(driver).length === 0
    ? without(device, old)
    : replaced(device, old, driver);
};

/** Gives a device of the template the profile's settings: its address, alias and all unknown elements are unchanged. */
export const merged = (old: XmlElement, wanted: XmlElement, owned: Owned): XmlElement => {
  const isSaid = (name: string): boolean => child(wanted, name) !== null;
  const bare = withoutNamed(
    withAttributes(withoutAttributes(old, ...owned.attributes), wanted.attributes),
    ...owned.children.filter((name) => !isSaid(name)),
  );
  let device = isSaid("driver") ? bare : withoutDriver(bare, owned.driver);
  let anchor: XmlElement | null = null;
  for (const said of childrenOf(wanted)) {
    const there = child(device, said.name);
    const next: XmlElement =
      there === null
        ? said
        : said.name === "driver"
          ? withAttributes(withoutAttributes(there, ...owned.driver), said.attributes)
          : covers(there, said)
            ? there
            : said;
    device = there === null ? insertedBehind(device, anchor, next) : replaced(device, there, next);
    anchor = next;
  }
  return device;
};
