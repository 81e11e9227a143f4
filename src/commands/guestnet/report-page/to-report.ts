import { addressDiff, describeAddressDifference, knownDomain } from "../../../addresses/diff.ts";
import { type BookedGuest, type BookedNic } from "../../../addresses/book.ts";
import { bookedDomain } from "../../../addresses/of-domain.ts";
import { addressPlan } from "../../../addresses/plan/plan.ts";
import type { ReportFinding, FleetReport, ReportedGuest, ReportedNic } from "../../../report/fleet-report.ts";
import { describeConflict } from "../../../survey/conflicts.ts";
import { describeMove } from "../../../survey/moves.ts";
import type { SurveyedGuest } from "../../../survey/survey.ts";
import { dateText } from "../../../values/date-text.ts";
import { renderIssue } from "../../../values/issue.ts";
import { drawSurvey } from "../diagram/draw.ts";
import type { Asked, HostsStatus } from "../hosts/look-at-hosts.ts";
import { type HostStatus, worstState } from "../status/host-status.ts";
import { statusRows, type StatusRow } from "../status/status-rows.ts";
import type { ReadProfiles } from "./read-profiles.ts";

/** Uplinks of each network of a host, by its name. */
export type HostUplinks = ReadonlyMap<string, readonly string[]>;

type AnsweringHost = Extract<Asked<HostUplinks>, { readonly kind: "seen" }>;

/** Returns the rows of one guest, as `guestnet status` has them. */
const rowsOf = (guest: SurveyedGuest, { traffic }: HostStatus): readonly StatusRow[] =>
  statusRows({ survey: { guests: [guest], others: [] }, traffic });

const addressesOf = ({ addresses, prefixes }: BookedNic): readonly string[] => [
  ...addresses.map(({ address }) => address),
  ...prefixes.map(({ prefix }) => prefix),
];

/** A bridge port without anti-spoofing shows no addresses: its profile may have them. */
const nicsOf = (
  guest: Extract<SurveyedGuest, { readonly kind: "read" }>,
  rows: readonly StatusRow[],
  profile: BookedGuest | undefined,
): readonly ReportedNic[] => {
  const running = bookedDomain(guest.domain, null).nics;
  return rows.map(({ nic, type, network, activity }) => {
    const live = running.find(({ name }) => name === nic);
    const shown = live === undefined ? [] : addressesOf(live);
    const planned = profile?.nics.find(({ name, mac }) => name === nic || mac === live?.mac);
    return {
      ...{ name: nic, mac: live?.mac ?? null, network: [type, network].join(" ").trim(), activity },
      addresses: shown.length > 0 || planned === undefined ? shown : addressesOf(planned),
    };
  });
};

const guestsOf = (
  { host, status }: AnsweringHost,
  profiles: ReadonlyMap<string, BookedGuest>,
): readonly ReportedGuest[] => [
  ...status.survey.guests.map((guest): ReportedGuest => {
    const { name } = guest;
    if (guest.kind === "invalid") return { name, host, state: "invalid", nics: [] };
    const nics = nicsOf(guest, rowsOf(guest, status), profiles.get(name));
    return { name, host, state: worstState(guest.nics), nics };
  }),
  ...status.survey.others.map((name) => ({ name, host, state: "other" as const, nics: [] })),
];

const findingsOf = ({ host, status }: AnsweringHost): readonly ReportFinding[] =>
  statusRows(status).flatMap(({ guest, nic, state, wrong, strangers }) => {
    const at = { host, guest, nic: nic === "" ? null : nic };
    const kind = state === "down" ? "down" : "drift";
    return [
      ...wrong.map((text): ReportFinding => ({ ...at, kind, text })),
      ...strangers.map((text): ReportFinding => ({ ...at, kind: "stranger", text })),
    ];
  });

/**
 * Returns what the page shows.
 *
 * @param profiles what files say, or null when none were given
 */
export const toFleetReport = (
  { hosts, moves, conflicts }: HostsStatus<HostUplinks>,
  profiles: ReadProfiles | null,
  made: Date,
): FleetReport => {
  const seen = hosts.flatMap((asked) => (asked.kind === "seen" ? [asked] : []));
  const running = seen.flatMap(({ host, status }) =>
    status.survey.guests.flatMap((guest) => (guest.kind === "read" ? [{ host, domain: guest.domain }] : [])),
  );
  const byName = new Map((profiles?.guests ?? []).map((guest) => [guest.name, guest]));
  const booked =
    profiles === null || profiles.guests.length === 0
      ? running.map(({ domain, host }) => bookedDomain(domain, host))
      : profiles.guests;
  const differences =
    profiles === null || profiles.known.length === 0
      ? []
      : addressDiff(
          profiles.known,
          running.map(({ domain, host }) => ({ ...knownDomain(domain, host), host })),
          seen.map(({ host }) => host),
        );
  return {
    made,
    hosts: hosts.map((asked) => {
      const { host: name } = asked;
      if (asked.kind === "silent") return { kind: "silent", name, why: asked.why };
      const heading = { title: name, date: dateText(made) };
      return { kind: "seen", name, svg: drawSurvey(asked.status.survey, asked.beside, heading) };
    }),
    guests: seen.flatMap((one) => guestsOf(one, byName)),
    findings: seen.flatMap(findingsOf),
    conflicts: conflicts.map(describeConflict),
    moves: moves.map(describeMove),
    differences: differences.map(describeAddressDifference),
    errors: (profiles?.issues ?? []).flatMap(({ file, issue }) =>
      issue.severity === "error" ? [renderIssue(file, issue)] : [],
    ),
    plan: profiles === null ? null : addressPlan(profiles.sites, booked),
  };
};
