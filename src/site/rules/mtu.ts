import type { Document } from "../../text/document.ts";
import { placedTexts } from "../../text/unchecked.ts";
import { type Address, type Family, familyOf, parseAddress } from "../../values/address.ts";
import { type Issue, renderPath } from "../../values/issue.ts";
import { addressesOf } from "./addresses.ts";
import {
  siteBridges,
  siteInterfaces,
  type NamedObject,
  networksOf,
  type SiteRule,
  bridgeVxlan,
} from "./unchecked-site.ts";

/** The MTU of Ethernet where a file gives none. */
export const DEFAULT_MTU = 1500;

/** Bytes that VXLAN adds to a frame's payload: outer IP and UDP, VXLAN's own header, inner Ethernet (RFC 7348, section 4.3). */
export const VXLAN_BYTES: Readonly<Record<Family, number>> = { ipv4: 50, ipv6: 70 };

const mtuOf = ({ value }: NamedObject): number =>
  typeof value["mtu"] === "number" ? value["mtu"] : DEFAULT_MTU;

/** The device of the host that has an address, as far as the file tells. */
const underlayOf = (local: Address, document: Document): NamedObject | null => {
  const has = (network: NamedObject): boolean =>
    addressesOf(network).some(({ own }) => own.address === local);
  return (
    siteInterfaces(document).find(has) ??
    siteBridges(document).find((bridge) => networksOf(bridge).some(has)) ??
    null
  );
};

/** VXLAN's headers fit into the underlay's packets, which are not fragmented. */
const checkUnderlay: SiteRule = (document) =>
  siteBridges(document).flatMap((bridge): readonly Issue[] => {
    const vxlan = bridgeVxlan(bridge);
    const [written] = vxlan === null ? [] : placedTexts(vxlan.value, "local", vxlan.path);
    const local = written === undefined ? null : parseAddress(written.value);
    const underlay = local === null ? null : underlayOf(local, document);
    if (written === undefined || local === null || underlay === null) return [];
    if (underlay.name === bridge.name)
      return [
        document.issue(
          "vxlan",
          written.path,
          `${local} is on bridge ${bridge.name} itself, with the same MTU: use an address of another bridge, or of "interfaces"`,
        ),
      ];
    const bytes = VXLAN_BYTES[familyOf(local)];
    const [own, below] = [mtuOf(bridge), mtuOf(underlay)];
    if (own + bytes <= below) return [];
    const where = renderPath([...underlay.path, "mtu"]);
    const message = `MTU ${own} and ${bytes} bytes of VXLAN exceed MTU ${below} of ${underlay.name}: set at most ${below - bytes} here, or at least ${own + bytes} at ${where}`;
    return [document.issue("mtu", [...bridge.path, "mtu"], message)];
  });

export const mtuRules: readonly SiteRule[] = [checkUnderlay];
