import { MAX_VID, MIN_VID } from "../../../values/vid.ts";
import type { Word } from "./disk.ts";

/** Reads `vlan=` of the port (Xen 4.19): its VLANs, its PVID, and the ones that leave untagged. */
export interface VifVlans {
  readonly pvid: number | null;
  readonly untagged: readonly number[];
  readonly vids: readonly number[];
}

const ITEM = /^(\d{1,4})(?:-(\d{1,4})|\+(\d{1,4})x(\d{1,4}))?(p?u?|up)$/;

const expand = (first: number, step: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, turn) => first + step * turn);

/** Reads `10`, `10p/20`, `10p/100+10x4/200-203u`. @returns null when it is none of that, or no VLAN IDs */
export const parseVifVlans = (text: string): VifVlans | null => {
  const vids = new Set<number>();
  const untagged = new Set<number>();
  let pvid: number | null = null;
  for (const item of text.trim().split("/")) {
    const [, start = "", end, step, count, flags = ""] = ITEM.exec(item) ?? [];
    const first = Number(start);
    const length = end === undefined ? Number(count ?? 1) : Number(end) - first + 1;
    if (start === "" || length < 1 || (step !== undefined && Number(step) < 1)) return null;
    const range = expand(first, Number(step ?? 1), Math.min(length, MAX_VID + 1));
    if (range.some((vid) => vid < MIN_VID || vid > MAX_VID)) return null;
    if (flags.includes("p") && (range.length > 1 || pvid !== null)) return null;
    if (flags.includes("p")) pvid = first;
    for (const vid of range) {
      vids.add(vid);
      // A frame without a tag that comes in by the PVID could otherwise not be answered.
      if (flags !== "") untagged.add(vid);
    }
  }
  const sorted = (set: ReadonlySet<number>): readonly number[] => [...set].sort((a, b) => a - b);
  return { pvid, untagged: sorted(untagged), vids: sorted(vids) };
};

/** Reads Open vSwitch's `NAME[.TAG][:TRUNK:TRUNK…]` as vif-openvswitch does. @returns null when a number is not a VLAN ID */
export const parseOvsBridge = (
  text: string,
): { readonly bridge: string; readonly tag: number | null; readonly trunks: readonly number[] } | null => {
  const [, bridge = "", tag, trunks = ""] = /^([^.:]+)(?:\.(\d+))?((?::\d+)*)$/.exec(text) ?? [];
  const numbers = trunks.split(":").slice(1).map(Number);
  const all = [...(tag === undefined ? [] : [Number(tag)]), ...numbers];
  if (bridge === "" || all.some((vid) => vid < MIN_VID || vid > MAX_VID)) return null;
  return {
    bridge,
    tag: tag === undefined ? null : Number(tag),
    trunks: [...new Set(numbers)].sort((a, b) => a - b),
  };
};

// xl-network-configuration(5), parse_nic_config in tools/xl/xl_parse.c.

export const VIF_KEYS = [
  ...[
    "mac",
    "bridge",
    "script",
    "ip",
    "gatewaydev",
    "netdev",
    "vifname",
    "model",
    "type",
    "rate",
    "vlan",
    "mtu",
  ],
  ...["devid", "backend", "accel"],
] as const;
export const VIF_FLAGS = ["trusted", "untrusted"] as const;

/** A vif item that is neither a key nor a flag: xl reports it on its standard error, and continues without it. */
export interface Unrecognised {
  readonly text: string;
  readonly index: number;
}

export interface VifWords {
  readonly words: readonly Word[];
  readonly unrecognised: readonly Unrecognised[];
}

/** Takes a vif specification apart: at each comma, leading blanks off, empty items gone. */
export const splitVif = (text: string, keys: readonly string[] = VIF_KEYS): VifWords => {
  const words: Word[] = [];
  const unrecognised: Unrecognised[] = [];
  let index = 0;
  for (const item of text.split(",")) {
    const start = index + (/^\s*/.exec(item)?.[0].length ?? 0);
    const bare = item.trimStart();
    index += item.length + 1;
    if (bare === "") continue;
    const equals = bare.indexOf("=");
    const name = equals < 0 ? bare.trimEnd() : bare.slice(0, equals);
    const value = equals < 0 ? "" : bare.slice(equals + 1);
    if (equals >= 0 && keys.some((known) => known === name))
      words.push({ kind: "key", name, text: value, index: start });
    else if (equals < 0 && VIF_FLAGS.some((known) => known === name))
      words.push({ kind: "flag", name, text: name, index: start });
    else unrecognised.push({ text: bare, index: start });
  }
  return { words, unrecognised };
};

/** @returns a MAC address in the usual form, or null: xl takes any single separator, and one digit for two */
export const readXenMac = (text: string): string | null => {
  const groups =
    /^([0-9a-f]{1,2})[^0-9a-f]([0-9a-f]{1,2})[^0-9a-f]([0-9a-f]{1,2})[^0-9a-f]([0-9a-f]{1,2})[^0-9a-f]([0-9a-f]{1,2})[^0-9a-f]([0-9a-f]{1,2})\s*$/i.exec(
      text,
    );
  return groups === null
    ? null
    : groups
        .slice(1)
        .map((group) => group.padStart(2, "0").toLowerCase())
        .join(":");
};

const MULTIPLES: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

/** @returns `10Mb/s` or `250KB/s@20ms` in bytes a second, or null (xlu_vif_parse_rate; K is 1000, b are bits) */
export const readRate = (text: string): number | null => {
  const match = /^(\d{1,12})([GMK]?)([bB])\/s(@\d{1,9}(ms|us|s)?)?$/.exec(text.trim());
  if (match === null) return null;
  const bytes = (Number(match[1]) * (MULTIPLES[match[2] ?? ""] ?? NaN)) / (match[3] === "b" ? 8 : 1);
  return bytes > 0 ? bytes : null;
};
