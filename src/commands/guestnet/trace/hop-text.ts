import type { Hop } from "../../../trace/hop.ts";
import type { GuestParty } from "../../../trace/party.ts";
import type { Traced } from "./traced.ts";
import { endText } from "./end-text.ts";
import { checkText } from "./check-text.ts";
import { ruleText } from "./rule-text.ts";
import { quoteWord } from "../../../values/shell-word.ts";

/** A hop in words. */
export interface HopText {
  /** Null where it depends on what cannot be evaluated. */
  readonly ok: boolean | null;
  readonly text: string;
  readonly fix: string | null;
  /** Rules that could not be evaluated, each in a line. */
  readonly notEvaluated: readonly string[];
}

/** The guest that a hop is about: the sender's side of its direction, or the receiver's on another host. */
const guestOf = ({ from, to }: Traced, { leg, host, check }: Hop): GuestParty | undefined => {
  const [sender, receiver] = leg === "there" ? [from, to] : [to, from];
  const dev = "dev" in check ? check.dev : check.kind === "isolation" ? check.to : null;
  const guests = [sender, receiver].flatMap((party) => (party.kind === "guest" ? [party] : []));
  const own = guests.find(
    ({ nic, name }) => nic.tap === dev || (check.kind === "guest" && name === check.guest),
  );
  return own ?? guests.find((guest) => guest.host === host) ?? guests[0];
};

/** Returns a hop in words. */
export const hopText = (traced: Traced, hop: Hop): HopText => {
  const { check, verdict } = hop;
  const passing = { text: checkText(check), fix: null, notEvaluated: [] };
  switch (verdict.kind) {
    case "passes":
      return { ok: true, ...passing };
    case "unsure":
      return {
        ...passing,
        ok: null,
        notEvaluated: [
          ...verdict.rules.map(
            (rule) =>
              `${rule.family} ${rule.table} ${rule.chain}, handle ${String(rule.handle)}: ${ruleText(rule)}`,
          ),
          ...verdict.legacy.map((table) => `table ${table} of iptables-legacy`),
        ],
      };
    case "ends": {
      const guest = guestOf(traced, hop);
      const subject = {
        ...{
          guest: guest === undefined ? "" : quoteWord(guest.name),
          tap: guest?.nic.tap ?? "",
          mac: guest?.nic.mac ?? "",
        },
        family: traced.packet.family,
      };
      const { problem, fix } = endText(verdict.end, check, subject);
      return { ok: false, text: problem, fix, notEvaluated: [] };
    }
  }
};
