/** Three-valued: a rule may depend on something that cannot be known from outside. */
export type Tri = "yes" | "no" | "unknown";

export const both = (one: Tri, other: Tri): Tri =>
  one === "no" || other === "no" ? "no" : one === "yes" && other === "yes" ? "yes" : "unknown";

export const not = (one: Tri): Tri => (one === "yes" ? "no" : one === "no" ? "yes" : "unknown");

export const toTri = (value: boolean): Tri => (value ? "yes" : "no");

/** Whether any is true. */
export const any = (all: readonly Tri[]): Tri =>
  all.includes("yes") ? "yes" : all.includes("unknown") ? "unknown" : "no";
