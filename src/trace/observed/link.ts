import { type Device, parseDevice } from "../../kernel/facts/device.ts";
import { asList, asNumber, membersOf, asText } from "../../values/json.ts";

/** A device as a packet meets it. */
export interface Link extends Device {
  /** Whether anything is at its other end: of a tap, whether a QEMU has opened it. */
  readonly carrier: boolean;
  /** Of a VLAN device: the device below it, and its VLAN. */
  readonly lower: string | null;
  readonly vlan: number | null;
  /** Of a bridge: whether STP runs, and the families that it hands to iptables by itself (ip-link(8), "nf_call_iptables"). */
  readonly stp: boolean;
  readonly calls: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** As a port of a bridge; null for every other device. */
  readonly port: PortSettings | null;
  /** Frames that the host has received on it: of a tap, those that the guest has sent. */
  readonly received: number;
}

/** The settings of a bridge port (bridge(8), "bridge link set"). */
export interface PortSettings {
  /** `forwarding`, `blocking`, `listening`, `learning` or `disabled`. */
  readonly state: string;
  readonly isolated: boolean;
  readonly locked: boolean;
  readonly learning: boolean;
}

/** Reads one element of what `ip -details -statistics -json link show` prints. */
const parseLink = (document: unknown): Link => {
  const json = membersOf(document);
  const info = membersOf(json["linkinfo"]);
  const data = membersOf(info["info_data"]);
  const slave = membersOf(info["info_slave_data"]);
  const device = parseDevice(document);
  return {
    ...device,
    carrier: asList(json["flags"]).includes("LOWER_UP"),
    lower: device.kind === "vlan" ? asText(json["link"]) : null,
    vlan: device.kind === "vlan" ? asNumber(data["id"]) : null,
    stp: (asNumber(data["stp_state"]) ?? 0) !== 0,
    calls: { ipv4: data["nf_call_iptables"] === 1, ipv6: data["nf_call_ip6tables"] === 1 },
    port:
      info["info_slave_kind"] === "bridge"
        ? {
            state: asText(slave["state"]) ?? "",
            isolated: slave["isolated"] === true,
            locked: slave["locked"] === true,
            learning: slave["learning"] === true,
          }
        : null,
    received: asNumber(membersOf(membersOf(json["stats64"])["rx"])["packets"]) ?? 0,
  };
};

/** Devices by name. */
export type Links = ReadonlyMap<string, Link>;

export const parseLinks = (documents: readonly unknown[]): Links =>
  new Map(documents.map(parseLink).map((link) => [link.name, link]));
