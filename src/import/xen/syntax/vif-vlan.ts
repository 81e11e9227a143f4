import { MAX_VID, MIN_VID } from "../../../values/vid.ts";

/** What `vlan=` says of the port (Xen 4.19): which VLANs it is in, which is its PVID, which leave untagged. */
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

/** Reads Open vSwitch's `NAME[.TAG][:TRUNK:TRUNK…]` as vif-openvswitch does. @returns null when a number is no VLAN ID */
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
