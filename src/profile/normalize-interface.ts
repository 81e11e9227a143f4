import { type Address, familyOf, hostLength, parseAddress } from "../model/address.ts";
import type { Attachment } from "../model/attachment.ts";
import { type NonEmpty, nonEmpty } from "../model/brand.ts";
import type { GuestName } from "../model/names.ts";
import type { GuestSide, ProfileNic } from "../model/profile.ts";
import { expandRange, type Vid, type VidRange, vidSet } from "../model/vid.ts";
import { deriveMac, deriveTap } from "./derive.ts";
import { surely } from "./surely.ts";
import type { WrittenInterface } from "./written-interface.ts";

const GATEWAYS = ["fe80::1", "169.254.0.1"].flatMap((text) => parseAddress(text) ?? []);

/** The gateways that were given, and the default for a family of the guest's that got none. */
const gatewaysFor = (addresses: NonEmpty<Address>, given: readonly Address[]): readonly Address[] =>
  [...new Set(addresses.map(familyOf))].flatMap((family) => {
    const own = given.filter((gateway) => familyOf(gateway) === family);
    return own.length > 0 ? own : GATEWAYS.filter((gateway) => familyOf(gateway) === family);
  });

const toVids = (items: readonly (Vid | VidRange)[]): readonly Vid[] =>
  items.flatMap((item) => (typeof item === "object" ? expandRange(item) : [item]));

const toAttachment = (nic: WrittenInterface): Attachment => {
  const antispoof = nic.antispoof ?? true;
  if (nic.type === "routed") {
    const addresses = surely(nonEmpty(nic.addresses), "addresses");
    const given = nic.gateway === undefined ? [] : [nic.gateway].flat();
    return {
      kind: "routed",
      addresses,
      prefixes: nic.prefixes ?? [],
      gateways: gatewaysFor(addresses, given),
      antispoof,
    };
  }
  const { bridge } = nic;
  const policy = { isolated: nic.isolated ?? false, antispoof };
  if (nic.trunk !== undefined) {
    return { kind: "trunk", bridge, tagged: vidSet(toVids(nic.trunk)), native: nic.native ?? null, policy };
  }
  return { kind: "access", bridge, vlan: surely(nic.vlan, "a VLAN"), policy };
};

// More queues than vCPUs are never served at the same time, and beyond eight they cost more than they bring.
const defaultQueues = (vcpus: number): number => Math.min(vcpus, 8);

/** Behind a routed tap nothing is on link, not even the gateway. */
const toGuestSide = (attachment: Attachment): GuestSide =>
  attachment.kind === "routed"
    ? {
        addresses: attachment.addresses.map((address) => ({ address, length: hostLength(address) })),
        gateways: attachment.gateways,
      }
    : { addresses: [], gateways: [] };

/** Completes NIC number `index` of a guest. */
export const normalizeInterface = (
  { name, vcpus = 1 }: { readonly name: GuestName; readonly vcpus?: number | undefined },
  nic: WrittenInterface,
  index: number,
): ProfileNic => {
  const model = nic.model ?? "virtio";
  const common = {
    mac: nic.mac ?? deriveMac(name, index),
    tap: nic.tap ?? deriveTap(name, index),
    queues: model === "virtio" ? (nic.queues ?? defaultQueues(vcpus)) : 1,
    mtu: nic.mtu ?? null,
    model,
  };
  const attachment = toAttachment(nic);
  const inside = toGuestSide(attachment);
  return attachment.kind === "routed" ? { ...common, inside, attachment } : { ...common, inside, attachment };
};
