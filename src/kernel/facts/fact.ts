import type { NonEmpty } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import { address, type AddressFact } from "./route/address.ts";
import type { FactKind } from "./fact-kind.ts";
import { fdb, type FdbFact } from "./port/fdb.ts";
import { followed, type FollowedFact } from "./port/followed.ts";
import { guard, type GuardFact } from "./filter/guard.ts";
import { guardRules, type GuardRulesFact } from "./filter/guard-rules.ts";
import { link, type LinkFact } from "./tap/link.ts";
import { linkLocalLearning, type LinkLocalLearningFact } from "./port/link-local-learning.ts";
import { neigh, type NeighFact } from "./route/neigh.ts";
import { neighProxy, type NeighProxyFact } from "./route/neigh-proxy.ts";
import { portFlag, type PortFlagFact } from "./port/port-flag.ts";
import { portGroup, type PortGroupFact } from "./port/port-group.ts";
import { portVlan, type PortVlanFact } from "./port/port-vlan.ts";
import { route, type RouteFact } from "./route/route.ts";
import { sourceCheck, type SourceCheckFact } from "./filter/source-check.ts";
import { sysctl, type SysctlFact } from "./tap/sysctl.ts";
import { tap, type TapFact } from "./tap/tap.ts";
import { tapDraft, type TapDraftFact } from "./tap/tap-draft.ts";
import { uplinkVlan, type UplinkVlanFact } from "./port/uplink-vlan.ts";

/** One thing that is true, or should be, about the host. */
export type Fact =
  | AddressFact
  | FdbFact
  | FollowedFact
  | GuardFact
  | GuardRulesFact
  | LinkFact
  | LinkLocalLearningFact
  | NeighFact
  | NeighProxyFact
  | PortFlagFact
  | PortGroupFact
  | PortVlanFact
  | RouteFact
  | SourceCheckFact
  | SysctlFact
  | TapFact
  | TapDraftFact
  | UplinkVlanFact;

/** All kinds of facts: a new one is a file, and a line in each of these two lists. */
const KINDS = {
  address,
  fdb,
  followed,
  guard,
  "guard-rules": guardRules,
  link,
  "link-local-learning": linkLocalLearning,
  neigh,
  "neigh-proxy": neighProxy,
  "port-flag": portFlag,
  "port-group": portGroup,
  "port-vlan": portVlan,
  route,
  "source-check": sourceCheck,
  sysctl,
  tap,
  "tap-draft": tapDraft,
  "uplink-vlan": uplinkVlan,
} satisfies { readonly [K in Fact["kind"]]: FactKind<Extract<Fact, { readonly kind: K }>> };

/** All kinds, each as if its facts were any: what it reads and writes is of its own kind. */
export const factKinds: readonly FactKind<Fact>[] = Object.values(KINDS);

/** Returns what there is to know of a fact's kind. */
export const kindOf = ({ kind }: Fact): FactKind<Fact> => KINDS[kind];

/** The subject of a fact: two facts with the same key exclude each other. */
export type FactKey = string;

/** Returns the identity of a fact; everything else in it is its value. */
export const keyOf = (fact: Fact): FactKey => `${fact.kind} ${kindOf(fact).key(fact)}`;

/** Returns whether two facts are equal; a missing one equals none. */
export const equal = (a: Fact, b: Fact | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Returns the device that a fact hangs off and vanishes with, or null for one that stands alone. */
export const deviceOf = (fact: Fact): IfName | null => kindOf(fact).device(fact);

/** Returns facts of one kind in words: `VLAN 20 pvid untagged on web1-0`. */
export const factText = (facts: NonEmpty<Fact>): string => kindOf(facts[0]).describe(facts);

/** Facts by what they are about. */
export type HostState = ReadonlyMap<FactKey, Fact>;

export const hostState = (facts: Iterable<Fact>): HostState =>
  new Map([...facts].map((fact) => [keyOf(fact), fact]));
