import type { Attachment, BridgeAttachment } from "../../guest/attachment.ts";
import {
  type PortAddress,
  type PortGuard,
  type PortPolicy,
  type Service,
  SERVICES,
  type Uplinks,
} from "../../guest/port-policy.ts";
import type { PortVlans } from "../../guest/port-vlans.ts";
import { parseAddress } from "../../values/address.ts";
import { type Mac, parseMac } from "../../values/mac.ts";
import { parseIfName, readGuestNames, writeGuestNames } from "../../values/names.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { parseVidSet, renderVidSet, toVid, vidSet } from "../../values/vid.ts";
import {
  attribute,
  type Attributes,
  element as plainElement,
  text as textNode,
  textOf,
  type XmlElement,
} from "../../xml/tree.ts";
import { ownChildren, ownElement } from "./guest-element.ts";
import { type Interface, listOf, type ReadNicElement, textsIn, type WrittenKind } from "./nic-element.ts";

const words = (element: XmlElement, name: string): readonly string[] =>
  (attribute(element, name) ?? "").split(" ").filter((text) => text !== "");

const isService = (text: string): text is Service => SERVICES.some((service) => service === text);

/** Reads an address of a port, with the VLAN that it is in and the guests that share it. */
const readPortAddress = (element: XmlElement): Result<PortAddress, string> => {
  const written = textOf(element).trim();
  const address = parseAddress(written);
  if (address === null) return refused(`<address>${written}</address> is not an address`);
  const vlan = attribute(element, "vlan");
  const vid = vlan === null ? null : toVid(Number(vlan));
  if (vlan !== null && vid === null) return refused(`vlan="${vlan}" is not a VLAN ID from 1 to 4094`);
  const names = attribute(element, "shared-by") ?? "";
  const sharedBy = readGuestNames(names);
  if (sharedBy === null) return refused(`shared-by="${names}" is not a list of guest names`);
  return good({ address, vid, sharedBy });
};

const writePortAddress = ({ address, vid, sharedBy }: PortAddress): XmlElement =>
  ownElement(
    "address",
    {
      ...(vid === null ? {} : { vlan: String(vid) }),
      ...(sharedBy.length === 0 ? {} : { "shared-by": writeGuestNames(sharedBy) }),
    },
    [textNode(address)],
  );

/** Without addresses there is nothing to hold the guest to, and no guard. */
const readGuard = (element: XmlElement): Result<PortGuard | null, string> => {
  const read = ownChildren(element, "address").map(readPortAddress);
  const addresses = read.flatMap((one) => (one.ok ? [one.value] : []));
  const bad = read.flatMap((one) => (one.ok ? [] : one.problems));
  const services = words(element, "services");
  const unknown = services.filter((text) => !isService(text));
  const all = [...bad, ...unknown.map((text) => `services="${text}" must be among ${SERVICES.join(", ")}`)];
  if (all.length > 0) return refused(...all);
  return good(addresses.length === 0 ? null : { addresses, services: services.filter(isService) });
};

/** Without anti-spoofing every MAC address passes, and the list means nothing. */
const readMacs = (element: XmlElement): Result<readonly Mac[], string> => {
  const texts = textsIn(element, "mac");
  const bad = texts.filter((text) => parseMac(text) === null);
  return bad.length > 0
    ? refused(...bad.map((text) => `<mac>${text}</mac> is not a unicast MAC address`))
    : good(texts.flatMap((text) => parseMac(text) ?? []));
};

const readUplinks = (element: XmlElement): Result<Uplinks | null, string> => {
  const texts = words(element, "uplinks");
  const ports = texts.flatMap((text) => parseIfName(text) ?? []);
  if (ports.length < texts.length) return refused(`uplinks="${texts.join(" ")}" is not a list of devices`);
  const mode = attribute(element, "follow") === "yes" ? "follow-guests" : "static";
  return good(ports.length === 0 ? null : { ports, mode });
};

const readPolicy = (element: XmlElement): Result<PortPolicy, string> => {
  const antispoof = attribute(element, "antispoof") !== "no";
  const guard = antispoof ? readGuard(element) : good(null);
  const macs: Result<readonly Mac[], string> = antispoof ? readMacs(element) : good([]);
  const uplinks = readUplinks(element);
  if (!guard.ok) return guard;
  if (!macs.ok) return macs;
  if (!uplinks.ok) return uplinks;
  const isolated = attribute(element, "isolated") === "yes";
  return good({ isolated, antispoof, macs: macs.value, guard: guard.value, uplinks: uplinks.value });
};

const notOnBridge = ({ type }: Interface): Result<Attachment, string> =>
  refused(`requires <interface type='bridge'>, found type='${type}'`);

const onBridge = (element: XmlElement, vlans: PortVlans, on: Interface): Result<Attachment, string> => {
  const { bridge } = on;
  if (bridge === null) return notOnBridge(on);
  const policy = readPolicy(element);
  return policy.ok ? good({ ...vlans, bridge, policy: policy.value }) : policy;
};

/** A port whose VLANs the metadata sets: then no `<vlan>` may set them, or the two could differ. */
const withOwnVlans = (element: XmlElement, vlans: PortVlans, on: Interface): Result<Attachment, string> =>
  on.bridge !== null && on.vlan.kind !== "none"
    ? refused("its <interface> also has a <vlan>: remove one of the two")
    : onBridge(element, vlans, on);

/** A port that libvirt (11.0 and later) puts into the VLANs of the interface's `<vlan>`: the hook ensures that it is in no other. */
const readPort = (element: XmlElement, on: Interface): Result<Attachment, string> => {
  const { bridge, vlan } = on;
  if (bridge === null) return notOnBridge(on);
  if (vlan.kind === "wrong") return refused(vlan.why);
  if (vlan.kind === "none") return refused("its <interface> has no <vlan>");
  return onBridge(element, vlan.vlans, on);
};

const readAccessVlans = (element: XmlElement): Result<PortVlans, string> => {
  const text = attribute(element, "vlan") ?? "";
  const vlan = toVid(Number(text));
  return vlan === null
    ? refused(`vlan="${text}" is not a VLAN ID from 1 to 4094`)
    : good({ kind: "access", vlan });
};

const readTrunkVlans = (element: XmlElement): Result<PortVlans, string> => {
  const text = attribute(element, "vlans") ?? "";
  const tagged = parseVidSet(text);
  if (tagged === null) return refused(`vlans="${text}" is not a list of VLAN IDs such as "30,100-199"`);
  const nativeText = attribute(element, "native");
  const native = nativeText === null ? null : toVid(Number(nativeText));
  if (nativeText !== null && native === null)
    return refused(`native="${nativeText}" is not a VLAN ID from 1 to 4094`);
  return good({ kind: "trunk", tagged: vidSet(tagged.filter((vid) => vid !== native)), native });
};

/** Returns the VLANs of an `<access>` or a `<trunk>`. */
export const readOwnVlans = (element: XmlElement): Result<PortVlans, string> =>
  element.name === "access" ? readAccessVlans(element) : readTrunkVlans(element);

const readOwnPort = (element: XmlElement, on: Interface): Result<Attachment, string> => {
  const vlans = readOwnVlans(element);
  return vlans.ok ? withOwnVlans(element, vlans.value, on) : vlans;
};

/** `<access>` and `<trunk>`, which contain their VLANs. */
export const readOwn: ReadNicElement = { read: readOwnPort, madeAt: "start" };
/** `<port>`, whose VLANs are libvirt's own. */
export const readNative: ReadNicElement = { read: readPort, madeAt: "start" };

/** Returns the attributes for the VLANs of an `<access>` or a `<trunk>`. */
export const ownVlans = (vlans: PortVlans): Attributes =>
  vlans.kind === "access"
    ? { vlan: String(vlans.vlan) }
    : {
        vlans: renderVidSet(vlans.tagged),
        ...(vlans.native === null ? {} : { native: String(vlans.native) }),
      };

export const writtenPort: WrittenKind<BridgeAttachment> = {
  metadata: (mac, attachment, native) => {
    const { isolated, antispoof, macs, uplinks, guard } = attachment.policy;
    return ownElement(
      native ? "port" : attachment.kind,
      {
        mac,
        // VLANs have one place, so that nothing can disagree.
        ...(native ? {} : ownVlans(attachment)),
        ...(isolated ? { isolated: "yes" } : {}),
        ...(antispoof ? {} : { antispoof: "no" }),
        ...(uplinks === null ? {} : { uplinks: uplinks.ports.join(" ") }),
        ...(uplinks?.mode === "follow-guests" ? { follow: "yes" } : {}),
        ...(guard === null || guard.services.length === 0 ? {} : { services: guard.services.join(" ") }),
      },
      [...listOf("mac", macs), ...(guard?.addresses ?? []).map(writePortAddress)],
    );
  },
  type: "bridge",
  source: ({ bridge }) => [plainElement("source", { bridge })],
  managed: true,
  settings: ["vlan", "trunk", "native", "isolated", "antispoof", "macs"],
};
