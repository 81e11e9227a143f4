import type { IfName } from "../../values/names.ts";
import { asList, asNumber, membersOf, asText } from "../../values/json.ts";
import type { Question } from "./question.ts";

/** A network device as `ip -d -j link` shows it, as far as guestnet uses it. */
export interface Device {
  readonly name: IfName;
  /** `bridge`, `tun`, `veth`, `vlan` …; null for a physical device. */
  readonly kind: string | null;
  readonly master: string | null;
  readonly alias: string | null;
  readonly mac: string;
  readonly group: number;
  readonly mtu: number;
  readonly up: boolean;
  readonly tap: { readonly multiQueue: boolean } | null;
  /** Of a VRF the number of its table. */
  readonly vrf: { readonly table: number } | null;
  readonly bridge: { readonly vlanFiltering: boolean; readonly defaultPvid: number } | null;
}

export type Devices = ReadonlyMap<IfName, Device>;

/** `default` is group 0 (/etc/iproute2/group); guestnet's has no name there, so it is printed as its number. */
const toGroup = (text: string | null): number => (text === null || text === "default" ? 0 : Number(text));

/** Reads one element of what `ip -details -json link show` prints. */
export const parseDevice = (document: unknown): Device => {
  const json = membersOf(document);
  const info = membersOf(json["linkinfo"]);
  const kind = asText(info["info_kind"]);
  const data = membersOf(info["info_data"]);
  return {
    name: asText(json["ifname"]) as IfName,
    kind,
    master: asText(json["master"]),
    alias: asText(json["ifalias"]),
    mac: asText(json["address"]) ?? "",
    group: toGroup(asText(json["group"])),
    mtu: asNumber(json["mtu"]) ?? 0,
    up: asList(json["flags"]).includes("UP"),
    tap: kind === "tun" && data["type"] === "tap" ? { multiQueue: data["multi_queue"] === true } : null,
    vrf: kind === "vrf" ? { table: asNumber(data["table"]) ?? 0 } : null,
    bridge:
      kind === "bridge"
        ? {
            vlanFiltering: data["vlan_filtering"] === 1,
            defaultPvid: asNumber(data["vlan_default_pvid"]) ?? 0,
          }
        : null,
  };
};

/** The question that {@link parseDevice} reads the answer to. */
export const deviceQuestion = (dev: IfName): Question => ({
  ...{ tool: "ip", object: "link", verb: "show", dev, args: "" },
});
