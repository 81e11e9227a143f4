import { parseMac } from "../../values/mac.ts";
import { parseGuestName, parseUuid } from "../../values/names.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import { attribute, child, elementsIn, type XmlElement } from "../../xml/tree.ts";
import { type BridgeMap, mapBridge } from "../to-profile/bridge-map.ts";
import { sayPort, toPort, type WrittenNic } from "../to-profile/attachment.ts";
import { renderSize } from "../../values/size.ts";
import { tapOf } from "../to-profile/nics.ts";
import { readSizes } from "./machine.ts";
import { readVlans } from "./nic.ts";
import type { DomainReader } from "./reader.ts";

const MODELS = ["virtio", "e1000e", "e1000", "rtl8139"] as const;

/** What a NIC of the document needs so that it stays the same but for its bridge; null where it cannot be moved. */
const keep = (
  reader: DomainReader,
  nic: XmlElement,
): { mac: string; model?: (typeof MODELS)[number]; queues?: number } | null => {
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
  // What libvirt takes where none is said (qemuDomainDefaultNetModel).
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
  const queues = Number(attribute(child(nic, "driver"), "queues") ?? 0);
  return {
    mac,
    ...(model === "virtio" ? {} : { model }),
    ...(queues > 1 && queues <= 256 && model === "virtio" ? { queues } : {}),
  };
};

/** A NIC of a KVM guest on its new bridge; null for one that stays where it is. */
const moveNic = (
  reader: DomainReader,
  nic: XmlElement,
  map: BridgeMap,
  unmapped: string[],
  taps: Set<string>,
): WrittenNic | null => {
  const { report } = reader;
  const source = child(nic, "source");
  const bridge = attribute(source, "bridge") ?? attribute(source, "network");
  const isOvs = child(nic, "virtualport") !== null;
  if (bridge === null || !["bridge", "network"].includes(attribute(nic, "type") ?? "")) {
    report.taken(reader.origin(nic), "stays unchanged: not on a bridge");
    return null;
  }
  const at = reader.origin(source ?? nic);
  const mapped = mapBridge(map, bridge);
  if (mapped === null) {
    report.taken(
      at,
      isOvs || attribute(nic, "type") === "network"
        ? "stays unchanged"
        : "stays unchanged on a per-VLAN bridge; --bridge-map can move it",
    );
    if (!isOvs && attribute(nic, "type") === "bridge") unmapped.push(bridge);
    return null;
  }
  const kept = keep(reader, nic);
  if (kept === null) return null;
  const vlans = readVlans(reader, child(nic, "vlan"));
  const port = mapped.vlan === null ? vlans : { native: mapped.vlan, tagged: [] };
  report.changed(at, `bridge ${mapped.bridge}, ${port === null ? "a per-VLAN bridge" : sayPort(port)}`);
  const filter = child(nic, "filterref");
  if (filter !== null)
    report.taken(
      reader.origin(filter),
      "stays; libvirt filters such as clean-traffic drop IPv6 and tagged frames",
      "step",
    );
  const dev = child(nic, "target");
  const name = attribute(dev, "dev");
  const tap = dev === null || name === null ? {} : tapOf(reader.given(dev, name), taps, report);
  const isolated = attribute(child(nic, "port"), "isolated") === "yes" ? { isolated: true } : {};
  return {
    type: "bridge",
    bridge: mapped.bridge,
    ...(port === null ? { filtering: false } : toPort(port)),
    ...isolated,
    ...kept,
    ...tap,
  };
};

const hasPassword = (node: XmlElement): boolean =>
  Object.keys(node.attributes).some((name) => name.includes("passwd")) || elementsIn(node).some(hasPassword);

/**
 * A KVM guest as a profile that completes its own XML: NICs that `--bridge-map` is for go to their new bridge, all else stays.
 *
 * @param template where the document will be found, seen from the profile
 */
export const importKvm = (
  reader: DomainReader,
  map: BridgeMap,
  template: string,
): { readonly profile: ProfileText; readonly unmapped: readonly string[] } | null => {
  const { report, root } = reader;
  const name = reader.text(root, "name");
  const guest = parseGuestName(name?.value ?? "");
  if (name === null || guest === null) {
    report.refuse(
      "import-name",
      name ?? reader.origin(root),
      `must be 1 to 63 letters, digits, dots, dashes or underscores, found ${name?.found ?? "none"}: change it first (virsh domrename)`,
    );
    return null;
  }
  const sizes = readSizes(reader);
  const uuid = reader.text(root, "uuid");
  const id = uuid === null ? null : parseUuid(uuid.value);
  if (uuid !== null && id === null) report.refuse("domain-xml", uuid, `must be a UUID, found ${uuid.found}`);
  if (sizes === null) return null;
  for (const given of [name, uuid, sizes.memory, sizes.maxMemory])
    if (given !== null && !report.has(given)) report.taken(given, "unchanged");
  const unmapped: string[] = [];
  const taps = new Set<string>();
  const macs = new Set<string>();
  const interfaces: WrittenNic[] = [];
  for (const nic of reader.children(reader.child(root, "devices"), "interface")) {
    const moved = moveNic(reader, nic, map, unmapped, taps);
    if (moved === null) continue;
    if (moved.mac !== undefined && macs.has(moved.mac))
      report.refuse(
        "domain-xml",
        reader.origin(nic),
        `two of the moved NICs have the MAC address ${moved.mac}: change one of them first`,
      );
    macs.add(moved.mac ?? "");
    interfaces.push(moved);
  }
  const passwords = reader.rest().filter((node) => hasPassword(node));
  if (passwords.length > 0)
    report.task("host", "The template contains a password from the domain XML: restrict who can read it.");
  for (const node of reader.rest())
    if (!report.has(reader.origin(node)) && !node.name.startsWith("interface"))
      report.taken(reader.origin(node), "stays unchanged");
  const { memory, maxMemory } = sizes;
  report.task(
    "host",
    `\`genxml ${guest}.json | virsh define --validate /dev/stdin\`: the guest gets its new ports at its next start.`,
  );
  return {
    profile: {
      name: guest,
      ...(id === null ? {} : { uuid: id }),
      template,
      memory: renderSize(memory.value),
      ...(maxMemory === null || maxMemory.value <= memory.value
        ? {}
        : { maxMemory: renderSize(maxMemory.value) }),
      ...(interfaces.length === 0 ? {} : { interfaces }),
    },
    unmapped: [...new Set(unmapped)],
  };
};
