/** One value of a packet, as rules compare it: an address, a port, a device's name, a state. */
export type Scalar = string | number | boolean;

/** A packet as the rules of one hook see it: the values that are known, by the words of nft(8) for them. */
export interface View {
  /** Headers that it has: `ether`, `ip`, `tcp` … A rule about another one does not match. */
  readonly headers: ReadonlySet<string>;
  /** `ip saddr`, `meta iifname`, `ct state` …; what is not here is not known. */
  readonly values: ReadonlyMap<string, Scalar>;
  /** Values that the packet has not at this hook, such as `meta oifname` before routing. */
  readonly absent: ReadonlySet<string>;
}

/** Three-valued: a rule may depend on something that cannot be known from outside. */
export type Tri = "yes" | "no" | "unknown";

export const both = (one: Tri, other: Tri): Tri =>
  one === "no" || other === "no" ? "no" : one === "yes" && other === "yes" ? "yes" : "unknown";

export const not = (one: Tri): Tri => (one === "yes" ? "no" : one === "no" ? "yes" : "unknown");

export const toTri = (value: boolean): Tri => (value ? "yes" : "no");

/** Whether any is true. */
export const any = (all: readonly Tri[]): Tri =>
  all.includes("yes") ? "yes" : all.includes("unknown") ? "unknown" : "no";
