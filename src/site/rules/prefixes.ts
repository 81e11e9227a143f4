import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { type JsonObject } from "../../values/json.ts";
import { type Placed, placedTexts } from "../../text/unchecked.ts";
import type { Prefix } from "../../values/address.ts";
import { nestedIn, readPrefix, type Span, spanOf } from "../../values/address-range.ts";
import { isRunIn, parseAddressRun } from "../../values/address-run.ts";
import { type Issue, renderPath } from "../../values/issue.ts";
import { siteBridges, namedIn, siteRouted, type SiteRule } from "./unchecked-site.ts";

interface PlacedPrefix {
  readonly prefix: Prefix;
  readonly span: Span;
  readonly path: Issue["path"];
}

/** Objects with `prefixes` and `reserved`. */
const plansOf = (document: Document): readonly Placed<JsonObject>[] => [
  { value: siteRouted(document), path: ["routed"] },
  ...siteBridges(document).flatMap(({ value, path }) => namedIn(value, "vlans", path)),
];

const prefixesOf = ({ value, path }: Placed<JsonObject>): readonly PlacedPrefix[] =>
  placedTexts(value, "prefixes", path).flatMap(({ value: text, path: where }) => {
    const read = readPrefix(text);
    return read.kind === "prefix" ? [{ prefix: read.prefix, span: spanOf(read.prefix), path: where }] : [];
  });

/** Prefixes are apart, so that each address has one place in the plan. */
const checkOverlaps: SiteRule = (document) =>
  nestedIn(plansOf(document).flatMap(prefixesOf), () => true).map(({ inner, outer }) =>
    inner.prefix === outer.prefix
      ? document.issue(
          "duplicate",
          inner.path,
          `${inner.prefix} is already at ${renderPath(outer.path)}: remove one`,
        )
      : document.issue(
          "prefix-overlap",
          inner.path,
          `${inner.prefix} is inside ${outer.prefix} at ${renderPath(outer.path)}: use networks that do not overlap`,
        ),
  );

/** What is reserved is reserved in something. */
const checkReserved: SiteRule = (document) =>
  plansOf(document).flatMap((plan) => {
    const prefixes = prefixesOf(plan).map(({ prefix }) => prefix);
    return placedTexts(plan.value, "reserved", plan.path).flatMap(({ value, path }): readonly Issue[] => {
      const run = parseAddressRun(value);
      if (run === null || prefixes.some((prefix) => isRunIn(run, prefix))) return [];
      const known = prefixes.length === 0 ? "there are none" : prefixes.join(", ");
      return [
        document.issue("prefix", path, `must be inside one of "prefixes" (${known}), found ${found(value)}`),
      ];
    });
  });

export const prefixRules: readonly SiteRule[] = [checkOverlaps, checkReserved];
