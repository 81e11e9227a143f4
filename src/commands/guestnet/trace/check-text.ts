import { counted } from "../../shared/counted.ts";
import type { Check } from "../../../trace/hop.ts";
import { never } from "../../../values/brand.ts";
import { tableWords } from "../../../values/route-table.ts";

const tag = (tagged: boolean): string => (tagged ? "tagged" : "untagged");

/** Returns what was looked at on a hop, in words. */
export const checkText = (check: Check): string => {
  switch (check.kind) {
    case "guest":
      return check.address === null
        ? `${check.guest} runs; its profile has no address for this network`
        : `${check.guest} runs and has ${check.address}`;
    case "tap":
      return `${check.dev}: up, carrier, MTU ${String(check.mtu)}, ${counted(check.frames, "frame")} from the guest`;
    case "port":
      return `${check.dev}: port of ${check.bridge}, ${check.state}`;
    case "ingress":
      return `into ${check.bridge} by ${check.dev}: VLAN ${String(check.vid)}, ${tag(check.tagged)}`;
    case "egress":
      return `out of ${check.bridge} by ${check.dev}: VLAN ${String(check.vid)}, ${tag(check.tagged)}`;
    case "vlan-device":
      return `${check.dev}: no VLAN device takes VLAN ${String(check.vid)}`;
    case "lock":
      return check.locked
        ? `${check.dev}: locked, entry of ${check.mac} in VLAN ${String(check.vid)}`
        : `${check.dev}: not locked`;
    case "guard":
      return check.guarded
        ? `${check.dev}: ${check.address ?? "the guest's packets"} allowed`
        : `${check.dev}: not guarded`;
    case "source-check":
      return check.checked
        ? `${check.dev}: source ${check.address ?? ""} allowed`
        : `${check.dev}: no source check`;
    case "filter":
      return check.chains.length === 0
        ? `${check.hook}: no rules`
        : `${check.hook}: ${check.chains.join(", ")}`;
    case "forwarding-entry":
      return check.dev === null
        ? `${check.bridge}: no entry for ${check.mac}, so to all ports of VLAN ${String(check.vid)}`
        : `${check.bridge}: ${check.mac} in VLAN ${String(check.vid)} is on ${check.dev}`;
    case "isolation":
      return `${check.bridge}: from ${check.from} to ${check.to}`;
    case "link":
      return `${check.dev}: up, carrier${check.state === null ? "" : `, ${check.state}`}`;
    case "mtu":
      return `${check.dev}: MTU ${String(check.mtu)}, packet of ${counted(check.size, "byte")}`;
    case "table":
      return `${check.dev}:${tableWords(check.table)}, rule ${String(check.priority)}`;
    case "own-route":
      return `${check.address} is routed to ${check.dev}`;
    case "forwarding":
      return `${check.dev}: forwards`;
    case "reverse-path":
      return `${check.dev}: reverse path filter ${check.mode}`;
    case "route":
      return [
        `to ${check.to}: ${check.via === null ? "" : `via ${check.via} `}dev ${check.dev ?? "none"}`,
        ...(check.table === null ? [] : [`table ${String(check.table)}`]),
      ].join(", ");
    case "conntrack":
      return `${String(check.count)} of ${counted(check.max, "connection")}`;
    case "neighbour":
      return `${check.address} on ${check.dev}: ${check.state ?? "not asked yet"}`;
    case "proxy":
      return `${check.dev}: the host answers for ${check.address}`;
    case "wire":
      return check.dev === null
        ? `from outside to ${check.to}: not looked at`
        : `beyond ${check.dev}, to ${check.to}: not looked at`;
    case "delivered":
      return `arrives at ${check.to}`;
    default:
      return never(check);
  }
};

/** Returns the device or object of a hop, for programs. */
export const placeOf = (check: Check): string | null => {
  switch (check.kind) {
    case "guest":
      return check.guest;
    case "filter":
      return check.hook;
    case "forwarding-entry":
      return check.bridge;
    case "isolation":
      return check.to;
    case "conntrack":
      return null;
    case "delivered":
      return check.to;
    default:
      return check.dev;
  }
};

/** The names of hops for people. */
export const HOP_NAMES: Readonly<Record<Check["kind"], string>> = {
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
