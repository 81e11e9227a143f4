// What a test imports. In jest there is describeInLab, too, in describe-in-lab.ts.
export type { Ability } from "./abilities.ts";
export { detect, type Mode } from "./detect.ts";
export type { Guest } from "./guest/guest.ts";
export { guestImage, type GuestImage } from "./guest/guest-image.ts";
export type { Libvirt } from "./machine/libvirt.ts";
export type { Background, Machine } from "./machine/machine.ts";
export { openLab, type Lab } from "./open-lab.ts";
export type { Ran } from "./environment/protocol.ts";
export { runHere } from "./run-here.ts";
