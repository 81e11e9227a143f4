import type { Fact } from "./fact.ts";
import type { IfName } from "../../values/names.ts";
import { tableWords } from "../../values/route-table.ts";

/** What a fact is about: two facts with one key exclude each other. */
export type FactKey = string;

/** The identity of a fact; everything else in it is its value. */
export const keyOf = (fact: Fact): FactKey => {
  switch (fact.kind) {
    case "tap":
    case "tap-draft":
    case "link":
      return `${fact.kind} ${fact.dev}`;
    case "port-vlan":
      return `${fact.kind} ${fact.port} ${String(fact.vid)}`;
    case "port-flag":
      return `${fact.kind} ${fact.port} ${fact.flag}`;
    case "fdb":
      return `${fact.kind} ${fact.port} ${fact.mac} ${String(fact.vid)}`;
    case "address":
      return `${fact.kind} ${fact.dev} ${fact.address}/${String(fact.length)}`;
    case "route":
      // The kernel holds as many routes to one network as they have metrics.
      return `${fact.kind} ${fact.to} ${fact.dev}${tableWords(fact.table)} ${String(fact.metric)}`;
    case "neigh":
    case "neigh-proxy":
      return `${fact.kind} ${fact.address} ${fact.dev}`;
    case "sysctl":
      return `${fact.kind} ${fact.name}`;
    case "port-group":
      return `${fact.kind} ${fact.port}`;
    case "guard":
      return `${fact.kind} ${fact.port} ${fact.set} ${fact.element}`;
    case "uplink-vlan":
    case "followed":
      return `${fact.kind} ${fact.uplink} ${String(fact.vid)}`;
    case "source-check":
    case "guard-rules":
      return fact.kind;
  }
};

/** The device that a fact hangs off and vanishes with, or null for one that stands alone. */
export const deviceOf = (fact: Fact): IfName | null => {
  switch (fact.kind) {
    case "port-vlan":
    case "port-flag":
    case "fdb":
    case "port-group":
      return fact.port;
    case "sysctl":
    case "source-check":
    case "guard-rules":
    case "guard":
    case "uplink-vlan":
    case "followed":
      return null;
    default:
      return fact.dev;
  }
};

export type HostState = ReadonlyMap<FactKey, Fact>;

export const hostState = (facts: Iterable<Fact>): HostState =>
  new Map([...facts].map((fact) => [keyOf(fact), fact]));
