import { messageOf } from "../../../values/error-text.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toHostNetwork } from "../../../host-network/to-host-network.ts";
import { differencesOf, differenceText } from "../../../host-trial/differences.ts";
import { commandsOf } from "../../../host-trial/managers.ts";
import type { Outcome, TrialPlan, TrialPorts } from "../../../host-trial/ports.ts";
import { triedOf } from "../../../host-trial/restore/tried.ts";
import type { TrialRecord } from "../../../host-trial/trial.ts";
import { toLiveNetwork } from "../../../live-network/readings.ts";
import { diskAt } from "./disk-at.ts";
import { readLiveNetwork } from "../../../run/read-live-network.ts";
import { parseSite } from "../../../site/site.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import { repair } from "../../../survey/repair.ts";
import { isFailure } from "../../../values/failure.ts";
import { surveyGuests } from "../plan/plan.ts";
import { openThisHost, type ThisHost } from "../this-host.ts";
import { isAlive } from "./session.ts";

/** Where the command that started a trial reads what became of it. */
export const OUTCOME = "/run/guestnet/host-trial.json";

/** Returns the outcome that a text holds; null for that of another trial, or for half of one. */
export const toOutcome = (text: string, id: string): Outcome | null => {
  try {
    const outcome = JSON.parse(text) as Outcome;
    return outcome.id === id ? outcome : null;
  } catch {
    return null;
  }
};

/** Returns what became of a trial; null if it is not known (yet). */
export const readOutcome = (id: string): Outcome | null =>
  existsSync(OUTCOME) ? toOutcome(readFileSync(OUTCOME, "utf8"), id) : null;

/** The journal has it, too; a full /run keeps no trial from its end. */
const publish = (outcome: Outcome): void => {
  process.stdout.write(`${outcomeLines(outcome).join("\n")}\n`);
  try {
    mkdirSync(dirname(OUTCOME), { recursive: true, mode: 0o755 });
    writeFileSync(OUTCOME, JSON.stringify(outcome));
  } catch (error) {
    process.stderr.write(`cannot write ${OUTCOME}: ${messageOf(error)}\n`);
  }
};

/** Returns what became of a trial, for people: the outcome, then what has failed. */
export const outcomeLines = (outcome: Outcome): readonly [string, ...string[]] =>
  outcome.kind === "confirmed"
    ? ["the host's network is kept", ...outcome.wrong.map((line) => `failed: ${line}`)]
    : [
        `the host's network was put back: ${outcome.reason}`,
        ...outcome.left.map((line) => `not put back: ${line}`),
      ];

/** How long the programs of one look may take, and a network manager. */
const LOOK_ENDS_MS = 20_000;
const MANAGER_ENDS_MS = 120_000;

const namedNics = async (live: ThisHost): Promise<ReadonlyMap<string, string>> => {
  const { guests } = await surveyGuests([], live);
  return new Map(
    guests.flatMap((guest) =>
      guest.kind === "invalid"
        ? []
        : guest.nics.flatMap(({ nic, state }) => {
            const why = wrongWith(state);
            return why.length === 0 ? [] : [[`${guest.name} ${nic.tap}`, why.join("; ")] as const];
          }),
    ),
  );
};

/** NICs of running guests that are not right; none if libvirt does not answer, as on a host that has none. */
export const wrongGuests = async (uri: string): Promise<ReadonlyMap<string, string>> => {
  try {
    return await namedNics(openThisHost("host try", uri, LOOK_ENDS_MS));
  } catch (error) {
    if (isFailure(error)) return new Map();
    throw error;
  }
};

const repairGuests = async (nics: ReadonlySet<string>, uri: string): Promise<readonly string[]> => {
  const live = openThisHost("host try", uri, MANAGER_ENDS_MS);
  const { guests } = await surveyGuests([], live);
  const left: string[] = [];
  for (const guest of guests) {
    for (const { nic, desired, state } of guest.kind === "read" ? guest.nics : []) {
      const name = `${guest.name} ${nic.tap}`;
      if (!nics.has(name) || state.kind === "ok") continue;
      const wrong =
        state.kind === "drift"
          ? (await repair(desired, state, live.host)).wrong
          : wrongWith(state).join("; ");
      if (wrong !== null) left.push(`NIC ${name}: ${wrong}`);
    }
  }
  return left;
};

/** The outside of a trial on this host. */
export const trialPorts = (uri: string): TrialPorts => {
  const { host } = openThisHost("host try", uri, LOOK_ENDS_MS);
  return {
    disk: diskAt(),
    now: () => Number((host.readFile("/proc/uptime") ?? "0").split(" ")[0]),
    sleep: async (ms) => {
      await sleep(ms);
    },
    boot: () => host.readFile("/proc/sys/kernel/random/boot_id") ?? "",
    run: ([program, ...args]) => openThisHost("host try", uri, MANAGER_ENDS_MS).host.run(program, args),
    readNetwork: () => readLiveNetwork(openThisHost("host try", uri, LOOK_ENDS_MS).host),
    writeSysctl: (name, value) => {
      if (host.readSysctl(name) !== null) host.writeSysctl(name, value);
    },
    isAlive: (process) => isAlive(process, host),
    wrongGuests: () => wrongGuests(uri),
    repairGuests: (nics) => repairGuests(nics, uri),
    publish,
  };
};

/** Returns what a trial does, by its record. */
export const planOfRecord = ({ site: text, format, files, before }: TrialRecord): TrialPlan => {
  const site = parseSite(text);
  if (!site.ok) throw new Error("the host.json of a trial was read before");
  const network = toHostNetwork(site.value);
  return {
    ...commandsOf(
      format,
      network,
      files.map(({ path, existed, next }) => ({ path, before: existed, after: next !== null })),
    ),
    tried: triedOf(network),
    differences: (live) => differencesOf(network, live).map(differenceText),
    before: toLiveNetwork(new Map(Object.entries(before)), () => null),
  };
};
