import { parseMac } from "../../values/mac.ts";
import { readVlan } from "../../libvirt/network/vlan.ts";
import type { DomainReader } from "./reader.ts";
import { attribute, child, childrenOf, elementsIn, type XmlElement } from "../../xml/tree.ts";
import type { SourceAttachment, SourceNic, SourceVlans } from "../source-guest.ts";

/** The VLANs of a `<vlan>`; null where there is none, and where it is refused. */
export const readVlans = (reader: DomainReader, vlan: XmlElement | null): SourceVlans | null => {
  if (vlan === null) return null;
  const read = readVlan(vlan);
  if (read.kind === "none") return null;
  if (read.kind === "wrong") return reader.refuse(vlan, read.why);
  const { vlans } = read;
  return vlans.kind === "access" ? { native: vlans.vlan, tagged: [] } : vlans;
};

const attach = (reader: DomainReader, nic: XmlElement): SourceAttachment => {
  const source = reader.child(nic, "source");
  const bridge = attribute(source, "bridge") ?? "xenbr0";
  const script = attribute(reader.child(nic, "script"), "path")?.replace(/^.*\//, "") ?? null;
  const isOvs =
    attribute(reader.child(nic, "virtualport"), "type") === "openvswitch" || script === "vif-openvswitch";
  const vlans = readVlans(reader, reader.child(nic, "vlan"));
  const type = attribute(nic, "type") ?? "bridge";
  if (script === "vif-route") return { kind: "routed" };
  if (script === "vif-nat" || type === "user") return { kind: "nat" };
  if (type === "network")
    return {
      kind: "network",
      network: attribute(source, "network") ?? "default",
      portgroup: attribute(source, "portgroup"),
    };
  if (type === "direct")
    return {
      kind: "macvtap",
      source: attribute(source, "dev") ?? "",
      mode: attribute(source, "mode") ?? "vepa",
    };
  if (type !== "bridge") return { kind: "other", what: `<interface type='${type}'>`, bridge };
  if (isOvs) return { kind: "ovs", bridge, vlans };
  if (script !== null && script !== "vif-bridge") return { kind: "other", what: script, bridge };
  return { kind: "bridge", bridge, vlans };
};

/** Xen's `<interface>`. */
export const readDomainNic = (reader: DomainReader, nic: XmlElement): SourceNic => {
  const origin = reader.origin(nic);
  const mac = attribute(reader.child(nic, "mac"), "address")?.toLowerCase() ?? null;
  if (mac !== null && parseMac(mac) === null)
    reader.refuse(nic, `must have the MAC address of one NIC, found ${mac}`);
  const outbound = reader.child(reader.child(nic, "bandwidth"), "outbound");
  const average = Number(attribute(outbound, "average") ?? 0);
  const mtu = reader.child(nic, "mtu");
  const size = Number(attribute(mtu, "size") ?? 0);
  const attachment = attach(reader, nic);
  const place = child(nic, attachment.kind === "routed" || attachment.kind === "nat" ? "script" : "source");
  const addresses = reader.children(nic, "ip").flatMap((ip) => {
    const [address, prefix] = [attribute(ip, "address"), attribute(ip, "prefix")];
    return address === null ? [] : [prefix === null ? address : `${address}/${prefix}`];
  });
  const [first] = childrenOf(nic, "ip");
  const words = elementsIn(nic).map((inner) => reader.origin(inner));
  return {
    ...origin,
    words,
    mac,
    attachment,
    attachmentAt: place === null ? origin : reader.origin(place),
    model: reader.attribute(nic, "model", "type"),
    rate: outbound === null || !(average > 0) ? null : reader.given(outbound, average * 1000),
    tap: reader.attribute(nic, "target", "dev"),
    mtu: mtu === null || !(size > 0) ? null : reader.given(mtu, size),
    addresses: first === undefined ? null : reader.given(first, addresses),
  };
};
