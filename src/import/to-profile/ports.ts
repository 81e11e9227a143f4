import { renderVidSet, toVid, vidSet } from "../../values/vid.ts";
import type { SourceVlans } from "../source-guest.ts";

/** `[30, "100-199"]`, as a profile writes VLANs. */
export const toTrunk = (vids: readonly number[]): (number | string)[] => {
  const text = renderVidSet(vidSet(vids.flatMap((vid) => toVid(vid) ?? [])));
  return text.split(",").map((part) => (part.includes("-") ? part : Number(part)));
};

/** Which VLANs the port is in, as the profile's keys. */
export const toPort = ({
  native,
  tagged,
}: SourceVlans): { vlan: number } | { trunk: (number | string)[]; native?: number } => {
  if (native !== null && tagged.length === 0) return { vlan: native };
  return { trunk: toTrunk(tagged), ...(native === null ? {} : { native }) };
};

/** `10`, or `trunk 30,100-199`. */
export const sayPort = (vlans: SourceVlans): string =>
  vlans.tagged.length === 0
    ? `VLAN ${vlans.native ?? 0}`
    : `tagged VLANs ${toTrunk(vlans.tagged).join(", ")}${vlans.native === null ? "" : `, native VLAN ${vlans.native}`}`;
