import type { PortVlans } from "../../guest/libvirt-attachment.ts";
import { parseIfName } from "../../values/names.ts";
import {
  type PortGuard,
  type PortPolicy,
  type Service,
  SERVICES,
  type Uplinks,
} from "../../guest/attachment.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { parseVidSet, toVid, vidSet } from "../../values/vid.ts";
import { attribute, type XmlElement } from "../../xml/read-xml.ts";
import { addressesIn, type Wish, wrong } from "../domain/wish.ts";

const words = (element: XmlElement, name: string): readonly string[] =>
  (attribute(element, name) ?? "").split(" ").filter((text) => text !== "");

const isService = (text: string): text is Service => SERVICES.some((service) => service === text);

/** Without addresses there is nothing to hold the guest to, and no guard. */
const readGuard = (element: XmlElement): Result<PortGuard | null, string> => {
  const { addresses, bad } = addressesIn(element, "address");
  const services = words(element, "services");
  const unknown = services.filter((text) => !isService(text));
  const all = [...bad, ...unknown.map((text) => `services="${text}" is none of ${SERVICES.join(", ")}`)];
  if (all.length > 0) return refused(...all);
  return good(addresses.length === 0 ? null : { addresses, services: services.filter(isService) });
};

const readUplinks = (element: XmlElement): Result<Uplinks | null, string> => {
  const texts = words(element, "uplinks");
  const ports = texts.flatMap((text) => parseIfName(text) ?? []);
  if (ports.length < texts.length) return refused(`uplinks="${texts.join(" ")}" is no list of devices`);
  const mode = attribute(element, "follow") === "yes" ? "follow-guests" : "static";
  return good(ports.length === 0 ? null : { ports, mode });
};

const readPolicy = (element: XmlElement): Result<PortPolicy, string> => {
  const antispoof = attribute(element, "antispoof") !== "no";
  const guard = antispoof ? readGuard(element) : good(null);
  const uplinks = readUplinks(element);
  if (!guard.ok) return guard;
  if (!uplinks.ok) return uplinks;
  const isolated = attribute(element, "isolated") === "yes";
  return good({ isolated, antispoof, guard: guard.value, uplinks: uplinks.value });
};

/** A port whose VLANs are said here: then nobody else may say them, or the two could disagree. */
const onBridge = (vlans: PortVlans, element: XmlElement): Wish => ({
  kind: "attachment",
  toAttachment: ({ bridge, vlan }) => {
    if (bridge === null) return refused("needs <interface type='bridge'>");
    if (vlan.kind !== "none")
      return refused("its <interface> has a <vlan> of its own as well: keep one of them");
    const policy = readPolicy(element);
    return policy.ok ? good({ ...vlans, bridge, policy: policy.value }) : policy;
  },
});

/** A port that libvirt (11.0 and later) puts into the VLANs of the interface's `<vlan>`: we see to it that it is in no other. */
export const readPort = (element: XmlElement): Wish => ({
  kind: "attachment",
  toAttachment: ({ bridge, vlan }) => {
    if (bridge === null) return refused("needs <interface type='bridge'>");
    if (vlan.kind === "wrong") return refused(vlan.why);
    if (vlan.kind === "none") return refused("its <interface> has no <vlan>");
    const policy = readPolicy(element);
    return policy.ok ? good({ ...vlan.vlans, bridge, policy: policy.value }) : policy;
  },
});

export const readAccess = (element: XmlElement): Wish => {
  const text = attribute(element, "vlan") ?? "";
  const vlan = toVid(Number(text));
  if (vlan === null) return wrong(`vlan="${text}" is no VLAN ID; use 1–4094`);
  return onBridge({ kind: "access", vlan }, element);
};

export const readTrunk = (element: XmlElement): Wish => {
  const text = attribute(element, "vlans") ?? "";
  const tagged = parseVidSet(text);
  if (tagged === null) return wrong(`vlans="${text}" is no list of VLAN IDs such as "30,100-199"`);
  const nativeText = attribute(element, "native");
  const native = nativeText === null ? null : toVid(Number(nativeText));
  if (nativeText !== null && native === null)
    return wrong(`native="${nativeText}" is no VLAN ID; use 1–4094`);
  const others = vidSet(tagged.filter((vid) => vid !== native));
  return onBridge({ kind: "trunk", tagged: others, native }, element);
};
