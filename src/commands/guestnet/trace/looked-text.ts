import { counted } from "../../shared/counted.ts";
import type { Looked } from "../../../trace/hop.ts";
import { never } from "../../../values/brand.ts";
import { tableWords } from "../../../values/route-table.ts";

const tag = (tagged: boolean): string => (tagged ? "tagged" : "untagged");

/** Returns what was looked at on a hop, in words. */
export const lookedText = (looked: Looked): string => {
  switch (looked.kind) {
    case "guest":
      return looked.address === null
        ? `${looked.guest} runs; its profile has no address for this network`
        : `${looked.guest} runs and has ${looked.address}`;
    case "tap":
      return `${looked.dev}: up, carrier, MTU ${String(looked.mtu)}, ${counted(looked.frames, "frame")} from the guest`;
    case "port":
      return `${looked.dev}: port of ${looked.bridge}, ${looked.state}`;
    case "ingress":
      return `into ${looked.bridge} by ${looked.dev}: VLAN ${String(looked.vid)}, ${tag(looked.tagged)}`;
    case "egress":
      return `out of ${looked.bridge} by ${looked.dev}: VLAN ${String(looked.vid)}, ${tag(looked.tagged)}`;
    case "vlan-device":
      return `${looked.dev}: no VLAN device takes VLAN ${String(looked.vid)}`;
    case "lock":
      return looked.locked
        ? `${looked.dev}: locked, entry of ${looked.mac} in VLAN ${String(looked.vid)}`
        : `${looked.dev}: not locked`;
    case "guard":
      return looked.guarded
        ? `${looked.dev}: ${looked.address ?? "the guest's packets"} allowed`
        : `${looked.dev}: not guarded`;
    case "source-check":
      return looked.checked
        ? `${looked.dev}: source ${looked.address ?? ""} allowed`
        : `${looked.dev}: no source check`;
    case "filter":
      return looked.chains.length === 0
        ? `${looked.hook}: no rules`
        : `${looked.hook}: ${looked.chains.join(", ")}`;
    case "forwarding-entry":
      return looked.dev === null
        ? `${looked.bridge}: no entry for ${looked.mac}, so to all ports of VLAN ${String(looked.vid)}`
        : `${looked.bridge}: ${looked.mac} in VLAN ${String(looked.vid)} is on ${looked.dev}`;
    case "isolation":
      return `${looked.bridge}: from ${looked.from} to ${looked.to}`;
    case "link":
      return `${looked.dev}: up, carrier${looked.state === null ? "" : `, ${looked.state}`}`;
    case "mtu":
      return `${looked.dev}: MTU ${String(looked.mtu)}, packet of ${counted(looked.size, "byte")}`;
    case "table":
      return `${looked.dev}:${tableWords(looked.table)}, rule ${String(looked.priority)}`;
    case "own-route":
      return `${looked.address} is routed to ${looked.dev}`;
    case "forwarding":
      return `${looked.dev}: forwards`;
    case "reverse-path":
      return `${looked.dev}: reverse path filter ${looked.mode}`;
    case "route":
      return [
        `to ${looked.to}: ${looked.via === null ? "" : `via ${looked.via} `}dev ${looked.dev ?? "none"}`,
        ...(looked.table === null ? [] : [`table ${String(looked.table)}`]),
      ].join(", ");
    case "conntrack":
      return `${String(looked.count)} of ${counted(looked.max, "connection")}`;
    case "neighbour":
      return `${looked.address} on ${looked.dev}: ${looked.state ?? "not asked yet"}`;
    case "proxy":
      return `${looked.dev}: the host answers for ${looked.address}`;
    case "wire":
      return looked.dev === null
        ? `from outside to ${looked.to}: not looked at`
        : `beyond ${looked.dev}, to ${looked.to}: not looked at`;
    case "delivered":
      return `arrives at ${looked.to}`;
    default:
      return never(looked);
  }
};

/** Returns the device or object of a hop, for programs. */
export const placeOf = (looked: Looked): string | null => {
  switch (looked.kind) {
    case "guest":
      return looked.guest;
    case "filter":
      return looked.hook;
    case "forwarding-entry":
      return looked.bridge;
    case "isolation":
      return looked.to;
    case "conntrack":
      return null;
    case "delivered":
      return looked.to;
    default:
      return looked.dev;
  }
};

/** The names of hops for people. */
export const HOP_NAMES: Readonly<Record<Looked["kind"], string>> = {
  guest: "guest",
  tap: "tap",
  port: "port",
  ingress: "VLAN in",
  egress: "VLAN out",
  "vlan-device": "VLAN device",
  lock: "lock",
  guard: "guard",
  "source-check": "source check",
  filter: "firewall",
  "forwarding-entry": "FDB",
  isolation: "isolation",
  link: "link",
  mtu: "MTU",
  table: "table",
  "own-route": "own route",
  forwarding: "forwarding",
  "reverse-path": "reverse path",
  route: "route",
  conntrack: "conntrack",
  neighbour: "neighbour",
  proxy: "proxy",
  wire: "network",
  delivered: "delivered",
};
