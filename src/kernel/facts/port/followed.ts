import type { IfName } from "../../../values/names.ts";
import { toVid, type Vid } from "../../../values/vid.ts";
import { nft } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { asList, asNumber, membersOf, asText } from "../../../values/json.ts";

/**
 * guestnet's mark in nftables that a VLAN comes and goes on an uplink with the guests; one that is there without it is the
 * administrator's. It is never removed: it ends with the host's uptime, like the VLAN.
 */
export interface FollowedFact {
  readonly kind: "followed";
  readonly uplink: IfName;
  readonly vid: Vid;
}

/** Reads guestnet's marks from what `nft -j list table bridge guestnet` prints. */
const observeFollowed = (document: unknown): readonly FollowedFact[] =>
  asList(membersOf(document)["nftables"])
    .map((item) => membersOf(membersOf(item)["set"]))
    .filter((set) => set["name"] === "followed")
    .flatMap((set) => asList(set["elem"]))
    .flatMap((element): readonly FollowedFact[] => {
      const [uplink, id] = asList(membersOf(element)["concat"]);
      const vid = toVid(asNumber(id) ?? 0);
      const name = asText(uplink);
      return vid === null || name === null ? [] : [{ kind: "followed", uplink: name as IfName, vid }];
    });

export const followed: FactKind<FollowedFact> = {
  key: ({ uplink, vid }) => `${uplink} ${String(vid)}`,
  device: () => null,
  slot: () => "add followed",
  // Guests without addresses have no guard, so the table may be missing.
  add: ([{ uplink, vid }]) => [
    nft(
      [
        "add table bridge guestnet",
        "add set bridge guestnet followed { typeof iifname . vlan id; }",
        `add element bridge guestnet followed { "${uplink}" . ${String(vid)} }`,
      ].join("\n"),
    ),
  ],
  describe: ([{ uplink, vid }]) => `guestnet's mark of VLAN ${String(vid)} on uplink ${uplink}`,
  observe: {
    from: "table",
    family: "bridge",
    isWanted: ({ trunkings }) => trunkings.some(({ mode }) => mode === "follow-guests"),
    read: observeFollowed,
  },
};
