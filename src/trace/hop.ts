import type { RouteTable } from "../values/route-table.ts";
import type { Rule } from "./firewall/ruleset.ts";
import type { Cause } from "./firewall/evaluate.ts";

/** What was looked at on one hop. */
export type Check =
  | { readonly kind: "guest"; readonly guest: string; readonly address: string | null }
  | { readonly kind: "tap"; readonly dev: string; readonly mtu: number; readonly frames: number }
  | { readonly kind: "port"; readonly dev: string; readonly bridge: string; readonly state: string }
  /** A VLAN's way into a bridge, or out of it. */
  | {
      readonly kind: "ingress" | "egress";
      readonly dev: string;
      readonly bridge: string;
      readonly vid: number;
      readonly tagged: boolean;
    }
  | { readonly kind: "vlan-device"; readonly dev: string; readonly vid: number }
  | {
      readonly kind: "lock";
      readonly dev: string;
      readonly mac: string;
      readonly vid: number;
      readonly locked: boolean;
    }
  | {
      readonly kind: "guard";
      readonly dev: string;
      readonly address: string | null;
      readonly guarded: boolean;
    }
  | {
      readonly kind: "source-check";
      readonly dev: string;
      readonly address: string | null;
      readonly checked: boolean;
    }
  /** Rules of a hook, of whichever program. */
  | {
      readonly kind: "filter";
      readonly hook: string;
      /** `FAMILY TABLE CHAIN` of its base chains. */
      readonly chains: readonly string[];
      readonly in: string | null;
      readonly out: string | null;
    }
  | {
      readonly kind: "forwarding-entry";
      readonly bridge: string;
      readonly mac: string;
      readonly vid: number;
      readonly dev: string | null;
    }
  | { readonly kind: "isolation"; readonly bridge: string; readonly from: string; readonly to: string }
  | { readonly kind: "link"; readonly dev: string; readonly state: string | null }
  | { readonly kind: "mtu"; readonly dev: string; readonly mtu: number; readonly size: number }
  | {
      readonly kind: "table";
      readonly dev: string;
      readonly table: RouteTable;
      readonly priority: number | null;
    }
  | {
      readonly kind: "own-route";
      readonly address: string;
      readonly dev: string;
      readonly table: number | null;
    }
  | { readonly kind: "forwarding"; readonly dev: string; readonly setting: string }
  | {
      readonly kind: "reverse-path";
      readonly dev: string;
      readonly address: string;
      readonly mode: "off" | "strict" | "loose";
    }
  | {
      readonly kind: "route";
      readonly to: string;
      readonly dev: string | null;
      readonly via: string | null;
      readonly table: number | null;
    }
  | { readonly kind: "conntrack"; readonly count: number; readonly max: number }
  | {
      readonly kind: "neighbour";
      readonly address: string;
      readonly dev: string;
      readonly state: string | null;
    }
  | { readonly kind: "proxy"; readonly address: string; readonly dev: string }
  /** The network between two hosts, or beyond one: nothing of it can be looked at. */
  | { readonly kind: "wire"; readonly dev: string | null; readonly to: string }
  | { readonly kind: "delivered"; readonly to: string };

/** Why a packet ends at a hop. */
export type End =
  | { readonly kind: "paused" | "unplugged" | "silent" | "missing" | "down" | "no-carrier" | "full" }
  | { readonly kind: "duplicate"; readonly other: string }
  | { readonly kind: "bridge-missing" | "bridge-down" | "not-filtering"; readonly bridge: string }
  | { readonly kind: "other-master"; readonly master: string | null }
  | { readonly kind: "blocked"; readonly state: string }
  | { readonly kind: "other-pvid"; readonly pvid: number | null }
  | { readonly kind: "not-a-member" | "sent-tagged" | "sent-untagged" }
  /** With the only device that could be one; null where there are several, or none. */
  | { readonly kind: "no-uplink"; readonly free: string | null }
  | { readonly kind: "stolen"; readonly device: string }
  | { readonly kind: "no-entry" }
  | { readonly kind: "elsewhere"; readonly dev: string | null }
  | { readonly kind: "dropped"; readonly cause: Cause }
  | { readonly kind: "isolated" }
  | { readonly kind: "too-big" }
  | { readonly kind: "other-vrf"; readonly vrf: string }
  | { readonly kind: "no-rule" }
  | { readonly kind: "no-route" }
  | { readonly kind: "discarded"; readonly type: string }
  | { readonly kind: "off" }
  | { readonly kind: "refused"; readonly error: string }
  | { readonly kind: "unreachable-back"; readonly back: string | null }
  | { readonly kind: "failed" }
  | { readonly kind: "other-mac"; readonly mac: string }
  | { readonly kind: "proxy-ndp-off" };

/** Whether a packet passes a hop. */
export type HopVerdict =
  | { readonly kind: "passes" }
  | { readonly kind: "ends"; readonly end: End }
  /** It depends on rules that cannot be evaluated: they are named, and the way goes on. */
  | { readonly kind: "unsure"; readonly rules: readonly Rule[]; readonly legacy: readonly string[] };

/** One hop of the way, on one host. */
export interface Hop {
  readonly leg: "there" | "back";
  /** Null between hosts. */
  readonly host: string | null;
  readonly check: Check;
  readonly verdict: HopVerdict;
}

/** A hop without its place in the whole. */
export type CheckedStep = Pick<Hop, "check" | "verdict">;

const PASSES: HopVerdict = { kind: "passes" };

export const passes = (check: Check): CheckedStep => ({ check, verdict: PASSES });

export const ends = (check: Check, end: End): CheckedStep => ({ check, verdict: { kind: "ends", end } });

/** A hop that passes unless there is an end. */
export const judged = (check: Check, end: End | null): CheckedStep =>
  end === null ? passes(check) : ends(check, end);
