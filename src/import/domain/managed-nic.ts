import { portOf } from "../../guest/attachment.ts";
import type { BridgePort } from "../../guest/port-policy.ts";
import type { PortAddress } from "../../guest/port-policy.ts";
import { guestOf, macOf, ownChildren } from "../../libvirt/metadata/guest-element.ts";
import { readAttachment } from "../../libvirt/metadata/nic-elements.ts";
import { readVlan } from "../../libvirt/network/vlan.ts";
import { hostLength } from "../../values/address.ts";
import { nonEmpty } from "../../values/brand.ts";
import type { Mac } from "../../values/mac.ts";
import { parseIfName } from "../../values/names.ts";
import { attribute, child, type XmlElement } from "../../xml/tree.ts";
import type { WrittenBridgeNic } from "../to-profile/attachment.ts";
import type { SourceVlans } from "../source-guest.ts";
import type { DomainReader } from "./reader.ts";

/** A port as guestnet's own metadata describes it. */
export interface ManagedNic {
  readonly vlans: SourceVlans;
  readonly keys: Partial<WrittenBridgeNic>;
}

type WrittenNetwork = NonNullable<WrittenBridgeNic["vlanAddresses"]>[string];

/** The metadata has no prefix lengths: the hook does not need them. */
const toNetwork = (all: readonly PortAddress[]): WrittenNetwork => {
  const own = all.filter(({ sharedBy }) => sharedBy.length === 0);
  const shared = all.flatMap(({ address, sharedBy }) => {
    const guests = nonEmpty(sharedBy);
    return guests === null ? [] : [{ address, guests: [...guests] }];
  });
  return {
    addresses: own.map(({ address }) => `${address}/${String(hostLength(address))}`),
    ...(shared.length === 0 ? {} : { sharedAddresses: shared }),
  };
};

const keysOf = ({ vlans, policy }: BridgePort): Partial<WrittenBridgeNic> => {
  const { isolated, antispoof, macs, guard } = policy;
  const all = guard?.addresses ?? [];
  const hasUntagged = vlans.kind === "access" || vlans.native !== null;
  const tagged = [...new Set(all.flatMap(({ vid }) => vid ?? []))];
  const networks = tagged.map((vid): readonly [string, WrittenNetwork] => [
    String(vid),
    toNetwork(all.filter((one) => one.vid === vid)),
  ]);
  return {
    ...(guard === null || !hasUntagged ? {} : toNetwork(all.filter(({ vid }) => vid === null))),
    ...(networks.length === 0 ? {} : { vlanAddresses: Object.fromEntries(networks) }),
    ...(isolated ? { isolated } : {}),
    ...(antispoof ? {} : { antispoof }),
    ...(macs.length === 0 ? {} : { macs: [...macs] }),
    ...(guard === null || guard.services.length === 0 ? {} : { services: [...guard.services] }),
  };
};

/**
 * Reads guestnet's metadata of a NIC that moves to another bridge. It goes into the profile, from which genxml writes it anew.
 *
 * @returns null for a NIC without metadata, and for one that cannot be read
 */
export const readManaged = (reader: DomainReader, nic: XmlElement, mac: Mac): ManagedNic | null => {
  const said = ownChildren(guestOf(reader.root)).find((one) => macOf(one) === mac);
  if (said === undefined) return null;
  reader.enter(child(reader.root, "metadata"));
  reader.enter(guestOf(reader.root));
  reader.whole(said);
  const read = readAttachment(said, {
    ...{ type: attribute(nic, "type") ?? "", managed: true },
    bridge: parseIfName(attribute(child(nic, "source"), "bridge") ?? ""),
    vlan: readVlan(child(nic, "vlan")),
  });
  if (!read.ok) return reader.refuse(said, read.problems.join("; "));
  const port = portOf(read.value);
  if (port === null) return null;
  const isKnown = port.policy.guard !== null;
  reader.report.changed(
    reader.origin(said),
    isKnown ? "in the profile; set the prefix lengths of its addresses" : "in the profile",
    isKnown ? "step" : "note",
  );
  const { vlans } = port;
  return {
    vlans: vlans.kind === "access" ? { native: vlans.vlan, tagged: [] } : vlans,
    keys: keysOf(port),
  };
};
