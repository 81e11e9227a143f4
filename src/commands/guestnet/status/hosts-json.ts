import { describeConflict, type Identifier } from "../../../survey/conflicts.ts";
import { describeMove } from "../../../survey/moves.ts";
import type { HostsStatus } from "../hosts/look-at-hosts.ts";
import { guestsJson } from "./status-json.ts";

const claimJson = ({ of, tap, what }: Identifier): object => ({
  host: of.host,
  guest: of.domain.name,
  uuid: of.domain.uuid,
  tap,
  has: what,
});

/** The status of several hosts as JSON. Keys are added, never changed. */
export const renderHostsJson = ({ hosts, moves, conflicts }: HostsStatus): string =>
  `${JSON.stringify(
    {
      hosts: hosts.map((asked) => ({
        host: asked.host,
        uri: asked.uri,
        answered: asked.kind === "seen",
        reason: asked.kind === "silent" ? asked.why : null,
        others: asked.kind === "seen" ? asked.status.survey.others : [],
      })),
      guests: hosts.flatMap((asked) =>
        asked.kind === "silent"
          ? []
          : guestsJson(asked.status).map((guest) => ({ host: asked.host, ...guest })),
      ),
      others: hosts.flatMap((asked) => (asked.kind === "seen" ? asked.status.survey.others : [])),
      moving: moves.map((move) => ({ ...move, text: describeMove(move) })),
      conflicts: conflicts.map((conflict) => ({
        kind: conflict[0].kind,
        text: describeConflict(conflict),
        claimants: conflict.map(claimJson),
      })),
    },
    null,
    2,
  )}\n`;
