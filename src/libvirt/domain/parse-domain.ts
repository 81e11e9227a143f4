import { parseMac } from "../../values/mac.ts";
import { parseIfName } from "../../values/names.ts";
import type { LiveDomain } from "../../guest/nic.ts";
import type { UnmanagedNic } from "../../guest/unmanaged-nic.ts";
import { good, type Result } from "../../values/result.ts";
import { attribute, child, type XmlElement } from "../../xml/tree.ts";
import { readVlan } from "../network/vlan.ts";
import { interfacesOf, parseGuest } from "./parse-guest.ts";

/** libvirt's types of an `<interface>` for which a profile has another word. */
const KINDS: Readonly<Record<string, string>> = { direct: "macvtap" };

const kindOf = (element: XmlElement): string => {
  const type = attribute(element, "type") ?? "";
  const isOvs = attribute(child(element, "virtualport"), "type") === "openvswitch";
  return type === "bridge" && isOvs ? "ovs" : (KINDS[type] ?? type);
};

/** Reads an `<interface>` that no metadata is for. @returns null for one without a MAC address, which libvirt never prints */
const readUnmanaged = (element: XmlElement): UnmanagedNic | null => {
  const mac = parseMac(attribute(child(element, "mac"), "address") ?? "");
  if (mac === null) return null;
  const source = child(element, "source");
  const vlan = readVlan(child(element, "vlan"));
  return {
    mac,
    tap: parseIfName(attribute(child(element, "target"), "dev") ?? ""),
    kind: kindOf(element),
    on: attribute(source, "network") ?? attribute(source, "bridge") ?? attribute(source, "dev"),
    vlans: vlan.kind === "vlans" ? vlan.vlans : null,
  };
};

/** Reads the domain XML that `virsh dumpxml` prints: what the hook reads of it, and the other NICs. */
export const parseDomain = (domain: XmlElement | null): Result<LiveDomain, string> => {
  const parsed = parseGuest(domain);
  if (!parsed.ok) return parsed;
  const { nics } = parsed.value;
  const unmanaged = interfacesOf(domain)
    .flatMap((element) => readUnmanaged(element) ?? [])
    .filter(({ mac }) => !nics.some((nic) => nic.mac === mac));
  return good({ ...parsed.value, unmanaged });
};
