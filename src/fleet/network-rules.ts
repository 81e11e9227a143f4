import { nestedIn } from "../values/address-range.ts";
import type { FileIssue } from "../values/issue.ts";
import { errorAt, type Rule, sayPlace, warningAt } from "./guest.ts";
import { groupBy, withOther } from "./groups.ts";
import { type Claim, claimsOf } from "./networks.ts";

/** One address or prefix for two guests: an error where they meet; in two VLANs it can be meant. */
const same: Rule = (guests) =>
  [...groupBy(guests.flatMap(claimsOf), ({ network }) => network).values()].flatMap(
    (group): readonly FileIssue[] => {
      const errors = withOther(
        group,
        (one, other) =>
          one.guest !== other.guest &&
          !(one.anycast && other.anycast) &&
          (one.segment === other.segment || one.segment === "routed" || other.segment === "routed"),
      ).map(([one, other]) =>
        errorAt(one, "duplicate", `${one.text} is also that of ${sayPlace(other)}; use another`),
      );
      if (errors.length > 0) return errors;
      return withOther(
        group,
        (one, other) => one.guest !== other.guest && !(one.anycast && other.anycast),
      ).map(([one, other]) =>
        warningAt(
          one,
          "duplicate",
          `${one.text} in ${one.segment} is also in ${other.segment}, that of ${sayPlace(other)}`,
        ),
      );
    },
  );

/** The more specific route takes the packets to what is inside another guest's prefix away from it. */
const overlaps: Rule = (guests) => {
  const routed = guests.flatMap(claimsOf).filter(({ segment }) => segment.startsWith("routed"));
  const pairs = [...groupBy(routed, ({ segment }) => segment).values()].flatMap((group) =>
    nestedIn(group, (outer, inner) => outer.guest !== inner.guest && outer.network !== inner.network),
  );
  const inside = new Map<Claim, readonly [first: Claim, more: number]>();
  for (const { inner, outer } of pairs) {
    const [first, more] = inside.get(outer) ?? [inner, -1];
    inside.set(outer, [first, more + 1]);
  }
  const advice = "use networks that do not overlap";
  return [
    ...pairs.map(({ inner, outer }) =>
      errorAt(
        inner,
        "prefix-overlap",
        `${inner.text} is inside ${outer.text} of ${sayPlace(outer)}; ${advice}`,
      ),
    ),
    ...[...inside].map(([outer, [inner, more]]) => {
      const others = more === 0 ? "" : `, and ${more} more`;
      const message = `${outer.text} covers ${inner.text} of ${sayPlace(inner)}${others}; ${advice}`;
      return errorAt(outer, "prefix-overlap", message);
    }),
  ];
};

export const networkRules: readonly Rule[] = [same, overlaps];
