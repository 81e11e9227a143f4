import { found, oneOf } from "../../text/schema.ts";
import { asList } from "../../values/json.ts";
import type { Issue } from "../../values/issue.ts";
import { siteBonds, type SiteRule } from "./unchecked-site.ts";

/** Options that the kernel takes with these modes only (bonding.rst). */
const MODES: Readonly<Record<string, readonly string[]>> = {
  lacpRate: ["802.3ad"],
  minLinks: ["802.3ad"],
  hashPolicy: ["balance-xor", "802.3ad", "balance-tlb"],
  primary: ["active-backup", "balance-tlb", "balance-alb"],
};

/** Options of a bond fit its mode, and its primary port is one of its ports. */
const checkOptions: SiteRule = (document) =>
  siteBonds(document).flatMap(({ value, path }): readonly Issue[] => {
    const { mode = "active-backup", primary } = value;
    const wrong = Object.entries(MODES).filter(
      ([key, modes]) => value[key] !== undefined && typeof mode === "string" && !modes.includes(mode),
    );
    const isForeign = typeof primary === "string" && !asList(value["ports"]).includes(primary);
    return [
      ...wrong.map(([key, modes]) => {
        const message = `requires "mode" ${oneOf(modes)}, found ${found(mode)}`;
        return document.issue("bond", [...path, key], message);
      }),
      ...(isForeign
        ? [document.issue("bond", [...path, "primary"], `must be one of "ports", found ${found(primary)}`)]
        : []),
    ];
  });

export const bondRules: readonly SiteRule[] = [checkOptions];
