import { rangeOnCard, type Site } from "../../guest/site.ts";
import { guaranteed } from "../../text/schema.ts";
import type { IfName } from "../../values/names.ts";
import { expandRange, type Vid, type VidRange } from "../../values/vid.ts";

/** Returns the VLAN that a network card sets: the rules have looked its name up once. */
export const toCardVlan = (item: Vid | string, site: Site | null): Vid => {
  if (typeof item === "number") return item;
  const range = guaranteed(site === null ? null : rangeOnCard(site, item), `the VLAN ${item}`);
  return guaranteed(expandRange(range)[0], "a VLAN");
};

type WrittenVlan = Vid | VidRange | string;

/** Returns the VLANs that are meant: the rules have looked every name up once. */
export const toVids = (item: WrittenVlan, bridge: IfName, site: Site | null): readonly Vid[] => {
  if (typeof item === "number") return [item];
  if (typeof item === "object") return expandRange(item);
  return expandRange(guaranteed(site?.bridges.get(bridge)?.vlans.get(item), `the VLAN ${item}`));
};
