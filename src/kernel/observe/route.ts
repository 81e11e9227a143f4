import { familyOf, parseAddress, type Prefix, toHostPrefix } from "../../values/address.ts";
import { DEFAULT_METRIC, type Fact } from "../facts/fact.ts";
import type { IfName } from "../../values/names.ts";
import { MAIN, MAIN_ID } from "../../values/route-table.ts";
import type { OwnTap } from "../facts/scope.ts";
import { asList, asNumber, asObject, asText } from "./json.ts";

/** Reads what `ip -json address show dev DEV` prints. */
export const observeAddresses = (dev: IfName, documents: readonly unknown[]): readonly Fact[] =>
  documents
    .flatMap((document) => asList(asObject(document)["addr_info"]))
    .map(asObject)
    .flatMap((entry): readonly Fact[] => {
      const address = parseAddress(asText(entry["local"]) ?? "");
      const length = asNumber(entry["prefixlen"]);
      return address === null || length === null ? [] : [{ kind: "address", dev, address, length }];
    });

/** Reads what `ip -json -details -N route show table all dev DEV proto 76` prints: both families; a host has no `/32`, no `/128`. */
export const observeRoutes = ({ dev, anycast }: OwnTap, documents: readonly unknown[]): readonly Fact[] =>
  documents.map(asObject).flatMap((entry): readonly Fact[] => {
    const dst = asText(entry["dst"]);
    if (dst === null) return [];
    const host = parseAddress(dst);
    const to = host === null ? (dst as Prefix) : toHostPrefix(host);
    const id = Number(asText(entry["table"]) ?? MAIN_ID);
    return [
      {
        kind: "route",
        to,
        via: parseAddress(asText(entry["gateway"]) ?? ""),
        dev,
        table: id === MAIN_ID ? MAIN : { kind: "table", id },
        metric: asNumber(entry["metric"]) ?? DEFAULT_METRIC[familyOf(to)],
        anycast,
      },
    ];
  });
