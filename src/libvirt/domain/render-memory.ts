import type { XmlElement } from "../../xml/render-element.ts";
import type { Profile } from "../../guest/profile.ts";
import { DOMAIN } from "./render-order.ts";
import { attributeOf, childOf, place, setText, textOf } from "./render-tree.ts";

const UNITS: Readonly<Record<string, number>> = {
  KiB: 1,
  k: 1,
  MiB: 1024,
  M: 1024,
  GiB: 1024 ** 2,
  G: 1024 ** 2,
};

const amount = (domain: XmlElement, name: string, kib: number): void => {
  const old = childOf(domain, name);
  // 4 GiB may stay 4 GiB.
  if (old !== null && Number(textOf(old)) * (UNITS[attributeOf(old, "unit") ?? "KiB"] ?? NaN) === kib) return;
  const element = place(domain, name, DOMAIN);
  element.att({ unit: "KiB" });
  setText(element, String(kib));
};

/** `<memory>` is what the balloon can give at most, `<currentMemory>` what it leaves to the guest at first. */
export const renderMemory = (domain: XmlElement, { memory }: Profile): void => {
  amount(domain, "memory", memory.maxKiB);
  const current = childOf(domain, "currentMemory");
  if (current !== null || memory.kib !== memory.maxKiB) amount(domain, "currentMemory", memory.kib);
};
