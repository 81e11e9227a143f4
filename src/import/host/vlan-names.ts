import { toRanges, toVid, vidSet, type Vid } from "../../values/vid.ts";

/** Runs of fewer VLANs have a name for each. */
const SHORTEST_RANGE = 3;

export const nameOf = (vid: number): string => `vlan${String(vid)}`;

/**
 * Names the VLANs of a bridge: one each, and one for a run of VLANs in which the host has nothing.
 *
 * @param own VLANs that need a name of their own, because the host has an address or a VNI there
 */
export const nameVlans = (
  vids: Iterable<number>,
  own: ReadonlySet<number>,
): Readonly<Record<string, number | string>> => {
  const all = vidSet([...vids].flatMap((vid) => toVid(vid) ?? []));
  const alone = (vid: Vid): readonly [string, number] => [nameOf(vid), vid];
  const named = toRanges(vidSet(all.filter((vid) => !own.has(vid)))).flatMap(
    ({ first, last }): readonly (readonly [string, number | string])[] => {
      const members = all.filter((vid) => vid >= first && vid <= last);
      if (members.length < SHORTEST_RANGE) return members.map(alone);
      const range = `${String(first)}-${String(last)}`;
      return [[`vlans${range}`, range]];
    },
  );
  const start = (value: number | string): number => Number.parseInt(String(value), 10);
  return Object.fromEntries(
    [...named, ...all.filter((vid) => own.has(vid)).map(alone)].sort(([, a], [, b]) => start(a) - start(b)),
  );
};
