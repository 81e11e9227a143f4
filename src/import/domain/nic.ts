import { parseMac } from "../../values/mac.ts";
import { toVid } from "../../values/vid.ts";
import type { DomainReader } from "./reader.ts";
import { attr, type DomainNode, nodeOf, nodesOf } from "../../xml/domain-tree.ts";
import type { SourceAttachment, SourceNic, SourceVlans } from "../source-guest.ts";

/** libvirt's `<vlan>`: one tag is an access port, unless it says that it is a trunk. */
export const readVlans = (vlan: DomainNode | null): SourceVlans | null => {
  const tags = nodesOf(vlan, "tag").flatMap((tag) => {
    const vid = toVid(Number(attr(tag, "id")));
    return vid === null ? [] : [{ vid, mode: attr(tag, "nativeMode") }];
  });
  const [first] = tags;
  if (first === undefined) return null;
  if (tags.length === 1 && attr(vlan, "trunk") !== "yes") return { native: first.vid, tagged: [] };
  const native = tags.find(({ mode }) => mode !== null)?.vid ?? null;
  const tagged = tags.map(({ vid }) => vid).filter((vid) => vid !== native);
  return { native, tagged };
};

const attach = (reader: DomainReader, nic: DomainNode): SourceAttachment => {
  const source = reader.child(nic, "source");
  const bridge = attr(source, "bridge") ?? "xenbr0";
  const script = attr(reader.child(nic, "script"), "path")?.replace(/^.*\//, "") ?? null;
  const addresses = reader.children(nic, "ip").flatMap((ip) => {
    const [address, prefix] = [attr(ip, "address"), attr(ip, "prefix")];
    return address === null ? [] : [prefix === null ? address : `${address}/${prefix}`];
  });
  const isOvs =
    attr(reader.child(nic, "virtualport"), "type") === "openvswitch" || script === "vif-openvswitch";
  const vlans = readVlans(reader.child(nic, "vlan"));
  const type = attr(nic, "type") ?? "bridge";
  if (script === "vif-route") return { kind: "routed", addresses };
  if (script === "vif-nat" || type === "user") return { kind: "nat" };
  if (type === "network")
    return {
      kind: "network",
      network: attr(source, "network") ?? "default",
      portgroup: attr(source, "portgroup"),
    };
  if (type === "direct")
    return { kind: "macvtap", source: attr(source, "dev") ?? "", mode: attr(source, "mode") ?? "vepa" };
  if (type !== "bridge") return { kind: "other", what: `<interface type='${type}'>`, bridge };
  if (isOvs) return { kind: "ovs", bridge, vlans };
  if (script !== null && script !== "vif-bridge") return { kind: "other", what: script, bridge };
  return { kind: "bridge", bridge, vlans };
};

/** Xen's `<interface>`. */
export const readDomainNic = (reader: DomainReader, nic: DomainNode): SourceNic => {
  const origin = reader.origin(nic);
  const mac = attr(reader.child(nic, "mac"), "address")?.toLowerCase() ?? null;
  if (mac !== null && parseMac(mac) === null)
    reader.refuse(nic, `must have the MAC address of one NIC, found ${mac}`);
  const outbound = reader.child(reader.child(nic, "bandwidth"), "outbound");
  const average = Number(attr(outbound, "average") ?? 0);
  const mtu = reader.child(nic, "mtu");
  const size = Number(attr(mtu, "size") ?? 0);
  const attachment = attach(reader, nic);
  const place = nodeOf(nic, attachment.kind === "routed" || attachment.kind === "nat" ? "script" : "source");
  const addresses = nodesOf(nic, "ip").flatMap((ip) => attr(ip, "address") ?? []);
  const [first] = nodesOf(nic, "ip");
  const words = nic.children.map((child) => reader.origin(child));
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
    addresses: first === undefined || attachment.kind === "routed" ? null : reader.given(first, addresses),
  };
};
