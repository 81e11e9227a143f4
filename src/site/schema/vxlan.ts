import * as v from "valibot";
import { bareAddress } from "../../profile/schema/network.ts";
import { deviceName } from "./device-name.ts";
import { vlanKey } from "../../profile/schema/vlans.ts";
import { count, expects, flag, object, optional, read, required } from "../../text/schema.ts";

/** The largest VNI: 24 bits (RFC 7348, section 5). */
const MAX_VNI = 16_777_215;

/** VNIs of neighbouring VLANs. */
export interface VniRange {
  readonly first: number;
  readonly last: number;
}

const parseVnis = (text: string): VniRange | null => {
  const [, from = "", to = ""] = /^([1-9]\d{0,7})-([1-9]\d{0,7})$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  return first >= 1 && first < last && last <= MAX_VNI ? { first, last } : null;
};

const vniRule = expects(
  "vxlan",
  `must be a VNI, a number from 1 to ${MAX_VNI}, or for a range of VLANs a range such as "10100-10199"`,
);
const vni = v.union(
  [
    v.pipe(
      v.number(vniRule),
      v.integer(vniRule),
      v.minValue(1, vniRule),
      v.maxValue(MAX_VNI, vniRule),
      v.transform((first): VniRange => ({ first, last: first })),
    ),
    read(parseVnis, /^[1-9][0-9]{0,7}-[1-9][0-9]{0,7}$/, vniRule),
  ],
  vniRule,
);

/** VLANs of the bridge between hosts, over an IP network. */
export const vxlan = object({
  local: required(bareAddress, "Address of this host in the underlay, the IP network between the hosts."),
  vnis: required(
    v.record(vlanKey, vni, expects("wrong-type", 'must be an object such as { "servers": 1020 }')),
    'VLANs that travel, by ID or name, each with its VNI: { "servers": 1020, "office": "10100-10199" }. Others stay on this host.',
  ),
  peers: optional(
    v.array(bareAddress, expects("wrong-type", "must be a list of addresses")),
    "Underlay addresses of the other hosts. Default: none; then evpn is required.",
  ),
  evpn: optional(
    flag,
    "Whether a BGP daemon finds the other hosts (EVPN), instead of peers. See templates/frr-evpn.conf.",
    false,
  ),
  port: optional(count(1, 65_535), "UDP port, the same on all hosts.", 4789),
  device: optional(deviceName, "Name of the VXLAN device; required if several bridges have VXLAN. Default: vxlan0."),
});
