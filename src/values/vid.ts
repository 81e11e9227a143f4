import type { Brand } from "./brand.ts";

/** A VLAN ID that a port can have: 1–4094. 0 means "no VLAN", 4095 is reserved (IEEE 802.1Q, table 9-2). */
export type Vid = Brand<number, "Vid">;
/** VLAN IDs in ascending order, each once. */
export type VidSet = Brand<readonly Vid[], "VidSet">;

export const MIN_VID = 1;
export const MAX_VID = 4094;

/** @returns the number as a VLAN ID, or null when it is none */
export const toVid = (value: number): Vid | null =>
  Number.isInteger(value) && value >= MIN_VID && value <= MAX_VID ? (value as Vid) : null;

/** Sorts and removes duplicates. */
export const vidSet = (vids: Iterable<Vid>): VidSet =>
  [...new Set(vids)].sort((a, b) => a - b) as readonly Vid[] as VidSet;

/** A run of neighbouring VLAN IDs, ends included. */
export interface VidRange {
  readonly first: Vid;
  readonly last: Vid;
}

/** The fewest ranges that cover the set: what `bridge vlan add vid 100-199` takes in one line. */
export const toRanges = (vids: VidSet): readonly VidRange[] => {
  const ranges: VidRange[] = [];
  for (const vid of vids) {
    const open = ranges.at(-1);
    if (open !== undefined && vid === open.last + 1)
      ranges[ranges.length - 1] = { first: open.first, last: vid };
    else ranges.push({ first: vid, last: vid });
  }
  return ranges;
};

export const renderRange = ({ first, last }: VidRange): string =>
  first === last ? String(first) : `${String(first)}-${String(last)}`;

/** `10`, `20-30`: what one line of `bridge vlan` takes. */
export const rangeTexts = (vids: VidSet): readonly string[] => toRanges(vids).map(renderRange);

/** The set as people and `bridge` write it: `30,100-199`. */
export const renderVidSet = (vids: VidSet): string => rangeTexts(vids).join(",");

/** Reads `20` or `100-199`. @returns null when it is neither, or when it goes down */
export const parseRange = (text: string): VidRange | null => {
  const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text);
  if (match === null) return null;
  const first = toVid(Number(match[1]));
  const last = toVid(Number(match[2] ?? match[1]));
  return first === null || last === null || last < first ? null : { first, last };
};

/** All VLAN IDs of a range. */
export const expandRange = ({ first, last }: VidRange): readonly Vid[] =>
  Array.from({ length: last - first + 1 }, (_, i) => (first + i) as Vid);

/** Reads what {@link renderVidSet} writes. @returns null when a part of it is not a VLAN ID or range */
export const parseVidSet = (text: string): VidSet | null => {
  const ranges = text.split(",").map(parseRange);
  return ranges.includes(null) ? null : vidSet(ranges.flatMap((range) => (range ? expandRange(range) : [])));
};
