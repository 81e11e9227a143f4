import type { Prefix } from "../values/address.ts";
import type { Arrival } from "../move/arrival.ts";
import type { UplinkVlanFact } from "../kernel/facts/port/uplink-vlan.ts";
import { renderRange, renderVidSet, toRanges, vidSet } from "../values/vid.ts";

/** The VLANs that uplinks do not carry, in one note for each uplink: a trunk has many. */
export const notesOnUplinks = (missing: readonly UplinkVlanFact[]): readonly string[] =>
  [...new Set(missing.map(({ uplink }) => uplink))].map((uplink) => {
    const vids = vidSet(missing.filter((one) => one.uplink === uplink).map(({ vid }) => vid));
    const first = `bridge vlan add dev ${uplink} vid ${toRanges(vids).map(renderRange)[0] ?? ""}`;
    return `uplink ${uplink} does not carry VLAN ${renderVidSet(vids)}, so the guest reaches only this host in it: run "${first}"`;
  });

/** Returns networks of the guest that another host announces: expected only while the guest migrates from there. */
export const notesOnOthers = (elsewhere: readonly Prefix[], arrival: Arrival): readonly string[] =>
  elsewhere.length === 0 || arrival !== "here"
    ? []
    : [
        `another host announces ${elsewhere.join(", ")}: the guest may also run there, and packets reach only one of the two: check with "guestnet status --host URI"`,
      ];
