import { parseMac } from "../../values/mac.ts";
import { type BridgeMap, mapBridge } from "../to-profile/bridge-map.ts";
import { readVlans } from "./nic.ts";
import type { DomainReader } from "./reader.ts";
import { attr, type DomainNode, nodeOf } from "../../xml/domain-tree.ts";
import { sayPort, toPort } from "../to-profile/attachment.ts";
import type { WrittenNic } from "../to-profile/attachment.ts";
import { tapOf } from "../to-profile/nics.ts";

const MODELS = ["virtio", "e1000e", "e1000", "rtl8139"] as const;

/** What a NIC of the document needs so that it stays the same but for its bridge; null where it cannot be moved. */
const keep = (
  reader: DomainReader,
  nic: DomainNode,
): { mac: string; model?: (typeof MODELS)[number]; queues?: number } | null => {
  const { account } = reader;
  const mac = parseMac(attr(nodeOf(nic, "mac"), "address") ?? "");
  if (mac === null) {
    account.dropped(
      reader.origin(nic),
      "without a MAC address it cannot be told apart, and stays as it is: take the XML from virsh dumpxml",
      "person",
    );
    return null;
  }
  // What libvirt takes where none is said (qemuDomainDefaultNetModel).
  const name = attr(nodeOf(nic, "model"), "type") ?? "rtl8139";
  const model = MODELS.find((known) => known === name);
  if (model === undefined) {
    account.dropped(
      reader.origin(nic),
      `its model ${name} is none that a profile can have: it stays as it is`,
      "person",
    );
    return null;
  }
  const queues = Number(attr(nodeOf(nic, "driver"), "queues") ?? 0);
  return {
    mac,
    ...(model === "virtio" ? {} : { model }),
    ...(queues > 1 && queues <= 256 && model === "virtio" ? { queues } : {}),
  };
};

/** A NIC of a KVM guest on its new bridge; null for one that stays where it is. */
export const moveNic = (
  reader: DomainReader,
  nic: DomainNode,
  map: BridgeMap,
  unmapped: string[],
  taps: Set<string>,
): WrittenNic | null => {
  const { account } = reader;
  const source = nodeOf(nic, "source");
  const bridge = attr(source, "bridge") ?? attr(source, "network");
  const isOvs = nodeOf(nic, "virtualport") !== null;
  if (bridge === null || !["bridge", "network"].includes(attr(nic, "type") ?? "")) {
    account.taken(reader.origin(nic), "it is on no bridge, and stays as it is");
    return null;
  }
  const at = reader.origin(source ?? nic);
  const mapped = mapBridge(map, bridge);
  if (mapped === null) {
    account.taken(
      at,
      isOvs || attr(nic, "type") === "network"
        ? "stays as it is"
        : "stays as it is, on a bridge that is itself the VLAN; --bridge-map can move it",
    );
    if (!isOvs && attr(nic, "type") === "bridge") unmapped.push(bridge);
    return null;
  }
  const kept = keep(reader, nic);
  if (kept === null) return null;
  const vlans = readVlans(nodeOf(nic, "vlan"));
  const port = mapped.vlan === null ? vlans : { native: mapped.vlan, tagged: [] };
  account.changed(
    at,
    `bridge ${mapped.bridge}, ${port === null ? "which is itself the VLAN" : sayPort(port)}`,
  );
  const filter = nodeOf(nic, "filterref");
  if (filter !== null)
    account.taken(
      reader.origin(filter),
      "stays; filters of libvirt such as clean-traffic drop IPv6 and tagged frames",
      "step",
    );
  const dev = nodeOf(nic, "target");
  const name = attr(dev, "dev");
  const tap = dev === null || name === null ? {} : tapOf(reader.given(dev, name), taps, account);
  const isolated = attr(nodeOf(nic, "port"), "isolated") === "yes" ? { isolated: true } : {};
  return {
    type: "bridge",
    bridge: mapped.bridge,
    ...(port === null ? { filtering: false } : toPort(port)),
    ...isolated,
    ...kept,
    ...tap,
  };
};
