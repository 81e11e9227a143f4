import type { Addressing, GuestNetwork, GuestSide, TaggedNetwork } from "../../guest/guest-side.ts";
import type { Site } from "../../guest/site.ts";
import { hostLength } from "../../values/address.ts";
import { nonEmpty } from "../../values/brand.ts";
import type { RoutedAttachment } from "../../guest/kinds/routed.ts";
import { guaranteed } from "../../text/schema.ts";
import { parseRange } from "../../values/vid.ts";
import type { WrittenInterface } from "../schema/interface.ts";
import { toVids } from "./vlans.ts";

type WrittenBridge = Extract<WrittenInterface, { type: "bridge" }>;
type WrittenNetwork = Pick<WrittenBridge, "addresses" | "gateway" | "sharedAddresses">;

/** The keys of the guest's side, which the kinds of interfaces share. */
type WrittenInside = WrittenNetwork & Partial<Pick<WrittenBridge, "vlanAddresses" | "bridge">>;

const toAddressing = ({ addresses, gateway }: WrittenNetwork): Addressing => {
  if (addresses === undefined) return { kind: "unsaid" };
  if (typeof addresses === "string") return { kind: addresses };
  const some = nonEmpty(addresses);
  return some === null
    ? { kind: "none" }
    : { kind: "static", addresses: some, gateways: [gateway ?? []].flat() };
};

const toNetwork = (written: WrittenNetwork): GuestNetwork => ({
  addressing: toAddressing(written),
  shared: (written.sharedAddresses ?? []).map(({ address, guests }) => ({
    address,
    guests: guaranteed(nonEmpty(guests), "guests of a shared address"),
  })),
});

const toTagged = (nic: WrittenInside, site: Site | null): readonly TaggedNetwork[] => {
  const { bridge, vlanAddresses = {} } = nic;
  return Object.entries(vlanAddresses)
    .map(([written, network]) => {
      const [vid] = toVids(parseRange(written) ?? written, guaranteed(bridge, "a bridge"), site);
      return { ...toNetwork(network), vid: guaranteed(vid, "a VLAN"), written };
    })
    .sort((one, other) => one.vid - other.vid);
};

/** Returns what the guest configures on a NIC whose network the host does not route. */
export const normalizeGuestSide = (nic: WrittenInside, site: Site | null): GuestSide => ({
  untagged: toNetwork(nic),
  tagged: toTagged(nic, site),
});

/** Returns what the guest configures behind a routed tap, where nothing is on link, not even the gateway. */
export const routedGuestSide = ({ addresses, gateways }: RoutedAttachment): GuestSide => {
  const whole = guaranteed(
    nonEmpty(addresses.map((address) => ({ address, length: hostLength(address) }))),
    "addresses",
  );
  const addressing: Addressing = { kind: "static", addresses: whole, gateways };
  return { untagged: { addressing, shared: [] }, tagged: [] };
};
