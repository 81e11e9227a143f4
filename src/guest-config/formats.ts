import type { GuestFormat } from "./format.ts";
import type { FormatName } from "./format-names.ts";
import { alpine } from "./formats/alpine.ts";
import { freebsd } from "./formats/freebsd.ts";
import { ifupdown } from "./formats/ifupdown.ts";
import { netplan } from "./formats/netplan.ts";
import { networkd } from "./formats/networkd.ts";
import { networkmanager } from "./formats/networkmanager.ts";
import { openbsd } from "./formats/openbsd.ts";
import { openwrt } from "./formats/openwrt.ts";
import { vyos } from "./formats/vyos.ts";
import { windows } from "./formats/windows.ts";

/** All formats without a seed. A new one is a file of formats/, its name in format-names.ts, and a line here. */
export const GUEST_FORMATS: Readonly<Record<FormatName, GuestFormat>> = {
  netplan,
  networkd,
  networkmanager,
  ifupdown,
  alpine,
  openwrt,
  vyos,
  freebsd,
  openbsd,
  windows,
};
