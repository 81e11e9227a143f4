import type { HostNetwork } from "../../host-network/host-network.ts";
import type { LiveLink, LiveNetwork } from "../../live-network/live-network.ts";
import { quoteWord } from "../../values/shell-word.ts";
import type { Line, ManagerCommands } from "../managers.ts";
import { makersOf, mastersFirst } from "../restore/links.ts";
import { triedOf } from "../restore/tried.ts";
import type { ChangedFile, TrialRecord } from "../trial.ts";

/** What a trial on another host does. */
export interface PlanThere {
  readonly record: TrialRecord;
  readonly commands: ManagerCommands;
  readonly network: HostNetwork;
  /** The network before the trial. */
  readonly before: LiveNetwork;
  /** Taps of guests that are watched. */
  readonly taps: readonly string[];
}

const textOf = (words: readonly (string | number)[]): string =>
  words.map((word) => quoteWord(String(word))).join(" ");

const define = (name: string, value: string): string => `${name}=${quoteWord(value)}`;

/** A function of the shell, which cannot be empty. */
const body = (name: string, lines: readonly string[], joint = "\n"): readonly string[] => [
  `${name}() {`,
  lines.length === 0 ? ":" : lines.join(joint),
  "}",
];

const attempts = (lines: readonly Line[]): readonly string[] =>
  lines.map((line) => textOf(["attempt", ...line]));

const writeLine = ({ path, next }: ChangedFile, index: number): string => {
  if (next === null) return textOf(["rm", "-f", "--", path]);
  return "target" in next
    ? textOf(["put_link", next.target, path])
    : textOf(["put", index, next.mode.toString(8), path]);
};

const backLine = ({ path, existed }: ChangedFile, index: number): string =>
  existed ? textOf(["put_back", index, path]) : textOf(["put_away", path]);

/** What `ip -details link` prints of a device of its kind (iplink_bridge.c, iplink_vlan.c and others). */
const kindWords = ({ kind, vlan, vrf }: LiveLink): string => {
  if (vlan !== null) return ` vlan protocol ${vlan.protocol} id ${String(vlan.id)} `;
  if (vrf !== null) return ` vrf table ${String(vrf.table)} `;
  return kind === "bridge" ? " bridge forward_delay " : ` ${kind ?? ""} `;
};

/** Makes a device again that is gone, or that has become one of another kind. */
const makeLine =
  ({ links }: HostNetwork) =>
  ({ link, line }: { readonly link: LiveLink; readonly line: Line }): string => {
    const { name, kind, lower, vlan } = link;
    const other = links.find((one) => one.name === name);
    const isReplaced =
      other !== undefined &&
      (other.kind !== kind || (other.kind === "vlan" && (other.parent !== lower || other.vid !== vlan?.id)));
    const remove = textOf(["ip", "link", "delete", "dev", name]);
    return [
      ...(isReplaced ? [`${textOf(["is_still", name, kindWords(link)])} || ${remove}`] : []),
      `[ -e ${quoteWord(`/sys/class/net/${name}`)} ] || ${textOf(line)}`,
    ].join("\n");
  };

const newNames = ({ links }: HostNetwork, before: LiveNetwork): readonly string[] =>
  [...links]
    .reverse()
    .filter(({ kind, name }) => kind !== "physical" && !before.links.some((link) => link.name === name))
    .map(({ name }) => name);

/** Returns what trial.sh reads of its trial. */
export const renderPlan = ({ record, commands, network, before, taps }: PlanThere): string => {
  const devices = mastersFirst(before.links);
  const bridges = devices.filter(({ bridge }) => bridge !== null);
  const namesOf = (links: readonly LiveLink[]): string => links.map(({ name }) => name).join(" ");
  const { files, session } = record;
  return [
    "# shellcheck shell=sh disable=SC2034",
    define("id", record.id),
    define("timeout", String(record.timeout)),
    define("boot", record.boot),
    define("session_pid", session === null ? "" : String(session.pid)),
    define("session_start", session?.startedAt ?? ""),
    define("devices", namesOf(devices)),
    define("bridges", namesOf(bridges)),
    define("taps", taps.join(" ")),
    define("disturbs_guests", commands.disturbsGuests ? "yes" : ""),
    define("new", newNames(network, before).join(" ")),
    define(
      "tried_peers",
      triedOf(network)
        .peers.map(({ port, address }) => `${port}/${address}`)
        .join(" "),
    ),
    ...body("write_files", files.map(writeLine), " &&\n"),
    ...body("restore_files", files.map(backLine).reverse()),
    ...body(
      "forget",
      files.filter(({ temporary }) => temporary).map(({ path }) => textOf(["rm", "-f", "--", path])),
    ),
    ...body("apply", attempts(commands.apply)),
    ...body("apply_back", attempts(commands.back)),
    ...body("keep", attempts(commands.keep)),
    ...body("at_boot", attempts(commands.boot)),
    ...body(
      "restore_settings",
      Object.entries(record.sysctls).map(([name, value]) => textOf(["setting", name, value])),
    ),
    ...body("create_gone", makersOf(before.links).map(makeLine(network))),
    "",
  ].join("\n");
};
