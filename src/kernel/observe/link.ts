import type { Fact } from "../facts/fact.ts";
import type { Link } from "../facts/link.ts";
import { PORT_GROUPS } from "../nft/port-guard.ts";
import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { OwnTap } from "../facts/scope.ts";
import { asList, asNumber, asObject, asText } from "./json.ts";

/** `default` is group 0 (/etc/iproute2/group); ours has no name there, so it is printed as its number. */
const toGroup = (text: string | null): number => (text === null || text === "default" ? 0 : Number(text));

/** Reads one element of what `ip -details -json link show` prints. */
export const parseLink = (document: unknown): Link => {
  const json = asObject(document);
  const info = asObject(json["linkinfo"]);
  const kind = asText(info["info_kind"]);
  const data = asObject(info["info_data"]);
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

/** That a bridge port is in our group. */
export const observeGroup = ({ name: port, group }: Link): readonly Fact[] =>
  PORT_GROUPS.includes(group) ? [{ kind: "port-group", port, group }] : [];

/** A tap of ours and its settings; nothing when it has another alias than ours, and is somebody else's. */
export const observeTap = (link: Link, own: OwnTap): readonly Fact[] =>
  link.tap === null || link.alias !== own.alias
    ? []
    : [
        { kind: "tap", dev: own.dev, alias: own.alias, draft: own.draft, multiQueue: link.tap.multiQueue },
        {
          kind: "link",
          dev: link.name,
          master: link.master as IfName | null,
          mac: link.mac as Mac,
          group: link.group,
          mtu: link.mtu,
          up: link.up,
        },
      ];

/** A tap that somebody began to make; one that has an alias is somebody's. */
export const observeDraft = (link: Link): readonly Fact[] =>
  link.tap === null || link.alias !== null ? [] : [{ kind: "tap-draft", dev: link.name }];
