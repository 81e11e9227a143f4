import type { AddressPlan } from "../addresses/plan/plan.ts";

/** The state of a guest: that of its NIC that needs attention most. */
export type GuestState =
  | "ok"
  | "incoming"
  | "down"
  | "drift"
  | "blocked"
  | "invalid" /** It has no metadata of guestnet. */
  | "other";

/** A NIC of a guest. */
export interface ReportedNic {
  /** The tap, or the MAC address where there is none. */
  readonly name: string;
  readonly mac: string | null;
  /** `access br0 VLAN 20`, `routed`. */
  readonly network: string;
  readonly addresses: readonly string[];
  /** `reachable`, `seen`, `unresponsive`, `never seen`; `unknown` without counters. */
  readonly activity: string;
}

/** A running guest. */
export interface ReportedGuest {
  readonly name: string;
  readonly host: string;
  readonly state: GuestState;
  readonly nics: readonly ReportedNic[];
}

/** A host that answered, with a picture of its guests, or one that did not. */
export type ReportedHost =
  | { readonly kind: "seen"; readonly name: string; readonly svg: string }
  | { readonly kind: "silent"; readonly name: string; readonly why: string };

/** Something of one guest that an administrator should look at. */
export interface ReportFinding {
  readonly kind: "drift" | "down" | "stranger";
  readonly guest: string;
  readonly host: string;
  /** The tap; null where it is the whole guest. */
  readonly nic: string | null;
  readonly text: string;
}

/** Everything that the page shows. */
export interface FleetReport {
  readonly made: Date;
  readonly hosts: readonly ReportedHost[];
  readonly guests: readonly ReportedGuest[];
  readonly findings: readonly ReportFinding[];
  /** Sentences. */
  readonly conflicts: readonly string[];
  readonly moves: readonly string[];
  /** Differences between profiles and running guests. */
  readonly differences: readonly string[];
  /** Errors in profiles and host.json. */
  readonly errors: readonly string[];
  /** Null when no networks and no profiles were given. */
  readonly plan: AddressPlan | null;
}
