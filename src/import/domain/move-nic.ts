import { parseAddress } from "../../values/address.ts";
import { type Mac, parseMac } from "../../values/mac.ts";
import { attribute, child, childrenOf, type XmlElement } from "../../xml/tree.ts";
import { type BridgeMap, mapBridge, type MappedBridge } from "../to-profile/bridge-map.ts";
import { portText, toPort, type WrittenNic } from "../to-profile/attachment.ts";
import { tapOf } from "../to-profile/nics.ts";
import { readManaged } from "./managed-nic.ts";
import { readVlans } from "./nic.ts";
import type { DomainReader } from "./reader.ts";

const MODELS = ["virtio", "e1000e", "e1000", "rtl8139"] as const;
type Model = (typeof MODELS)[number];

/** State that the NICs of a guest share while they move. */
export interface Moving {
  readonly map: BridgeMap;
  /** Every network that a rule could be for: bridges, libvirt networks, and these with their portgroups. */
  readonly networks: Set<string>;
  readonly unmapped: Set<string>;
  readonly taps: Set<string>;
  /** Portgroups that a rule for their whole network moves. */
  readonly portgroups: { readonly network: string; readonly portgroup: string }[];
}

/** Returns a NIC of the document that differs only in its bridge; null if it cannot be moved. */
const keep = (reader: DomainReader, nic: XmlElement): { mac: Mac; model?: Model; queues?: number } | null => {
  const { report } = reader;
  const mac = parseMac(attribute(child(nic, "mac"), "address") ?? "");
  if (mac === null) {
    report.dropped(
      reader.origin(nic),
      "has no MAC address to identify it, and stays unchanged: import the output of virsh dumpxml",
      "person",
    );
    return null;
  }
  // libvirt's default model (qemuDomainDefaultNetModel).
  const name = attribute(child(nic, "model"), "type") ?? "rtl8139";
  const model = MODELS.find((known) => known === name);
  if (model === undefined) {
    report.dropped(
      reader.origin(nic),
      `stays unchanged: a profile does not support the model ${name}`,
      "person",
    );
    return null;
  }
  const driver = child(nic, "driver");
  const queues = Number(attribute(driver, "queues") ?? 0);
  const kept = queues > 1 && queues <= 256 && model === "virtio";
  if (driver !== null && queues > 0 && !kept)
    report.changed(reader.origin(driver), "one queue: only virtio has more, up to 256");
  return { mac, ...(model === "virtio" ? {} : { model }), ...(kept ? { queues } : {}) };
};

/** By the rule for the portgroup, if there is one, else by the rule for the network or bridge. */
const findRule = (nic: XmlElement, moving: Moving): MappedBridge | null => {
  const source = child(nic, "source");
  const [network, portgroup] = [attribute(source, "network"), attribute(source, "portgroup")];
  const name = attribute(source, "bridge") ?? network ?? "";
  moving.networks.add(name);
  if (network === null || portgroup === null) return mapBridge(moving.map, name);
  const own = `${network}/${portgroup}`;
  moving.networks.add(own);
  const mapped = mapBridge(moving.map, own);
  if (mapped !== null) return mapped;
  const whole = mapBridge(moving.map, name);
  if (whole !== null && whole.vlan !== null) moving.portgroups.push({ network, portgroup });
  return whole;
};

/** Elements that only the old bridge needs; they leave the document. */
const reportRemoved = (reader: DomainReader, nic: XmlElement): void => {
  for (const name of ["virtualport", "script", "downscript", "backenddomain"])
    for (const node of childrenOf(nic, name))
      reader.report.dropped(reader.origin(node), "belongs to the old bridge");
};

/** libvirt filters check addresses as well: the port's own check gets theirs. Each variable is a list (formatnwfilter, "Filter variables"). */
const filterAddresses = (
  reader: DomainReader,
  nic: XmlElement,
  own: Mac,
): { addresses?: string[]; macs?: string[] } => {
  const filter = child(nic, "filterref");
  if (filter === null) return {};
  const macs = childrenOf(filter, "parameter").flatMap((one) =>
    attribute(one, "name") === "MAC" ? (parseMac(attribute(one, "value") ?? "") ?? []) : [],
  );
  const more = [...new Set(macs)].filter((mac) => mac !== own);
  const addresses = childrenOf(filter, "parameter").flatMap((one) => {
    const address = /^IP(V6)?$/.test(attribute(one, "name") ?? "")
      ? parseAddress(attribute(one, "value") ?? "")
      : null;
    return address === null ? [] : [`${address}/${address.includes(":") ? 128 : 32}`];
  });
  reader.report.taken(
    reader.origin(filter),
    `${addresses.length + more.length > 0 ? "its addresses are in the profile, and the port checks them; it " : ""}stays; libvirt filters such as clean-traffic drop IPv6 and tagged frames`,
    "step",
  );
  return {
    ...(addresses.length === 0 ? {} : { addresses: [...new Set(addresses)] }),
    ...(more.length === 0 ? {} : { macs: more }),
  };
};

/** A NIC of a KVM guest on its new bridge; null for one that stays where it is. */
export const moveNic = (reader: DomainReader, nic: XmlElement, moving: Moving): WrittenNic | null => {
  const { report } = reader;
  const source = child(nic, "source");
  const bridge = attribute(source, "bridge") ?? attribute(source, "network");
  const isOvs = child(nic, "virtualport") !== null;
  if (bridge === null || !["bridge", "network"].includes(attribute(nic, "type") ?? "")) {
    const pair = attribute(child(nic, "teaming"), "type") === "transient";
    report.taken(
      reader.origin(nic),
      pair ? "stays unchanged: the passthrough half of a failover pair" : "stays unchanged: not on a bridge",
    );
    return null;
  }
  const at = reader.origin(source ?? nic);
  const mapped = findRule(nic, moving);
  if (mapped === null) {
    report.taken(
      at,
      isOvs || attribute(nic, "type") === "network"
        ? "stays unchanged"
        : "stays unchanged on a per-VLAN bridge; --bridge-map can move it",
    );
    if (!isOvs && attribute(nic, "type") === "bridge") moving.unmapped.add(bridge);
    return null;
  }
  const kept = keep(reader, nic);
  if (kept === null) return null;
  const element = child(nic, "vlan");
  const managed = readManaged(reader, nic, kept.mac);
  const vlans = readVlans(reader, element) ?? managed?.vlans ?? null;
  const isTrunk = vlans !== null && vlans.tagged.length > 0;
  // A rule's VLAN is for NICs in a single VLAN; a trunk would lose all its others.
  const port = mapped.vlan === null || isTrunk ? vlans : { native: mapped.vlan, tagged: [] };
  const said = port === null ? "a per-VLAN bridge" : portText(port);
  if (isTrunk && mapped.vlan !== null)
    report.changed(
      at,
      `bridge ${mapped.bridge}, still a trunk: ${said}, not VLAN ${mapped.vlan} of the rule`,
      "person",
    );
  else report.changed(at, `bridge ${mapped.bridge}, ${said}`);
  if (element !== null && vlans !== null && port !== null) {
    if (port === vlans) report.taken(reader.origin(element), `${said}, in the profile`);
    else report.changed(reader.origin(element), `${said}, by the rule`, "step");
  }
  reportRemoved(reader, nic);
  const filtered = port === null ? {} : filterAddresses(reader, nic, kept.mac);
  const dev = child(nic, "target");
  const name = attribute(dev, "dev");
  const tap = dev === null || name === null ? {} : tapOf(reader.given(dev, name), moving.taps, report);
  const isolated = attribute(child(nic, "port"), "isolated") === "yes" ? { isolated: true } : {};
  return {
    type: "bridge",
    bridge: mapped.bridge,
    ...(port === null ? { filtering: false } : toPort(port)),
    ...isolated,
    ...kept,
    ...tap,
    ...filtered,
    ...managed?.keys,
  };
};
