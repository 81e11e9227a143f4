import { setTimeout as sleep } from "node:timers/promises";
import { parseStartRecord, STARTS } from "../../hook/start-record.ts";
import { unmetText } from "../../kernel/facts/demand.ts";
import { readInactive, saidBy } from "../../run/virsh.ts";
import { receptionOf } from "../../survey/reception.ts";
import { shareAnswers } from "../../survey/shared-answers.ts";
import { isOurs, type ReadDomain, toDomains } from "../../survey/survey.ts";
import { report, warn } from "./reporter.ts";
import { type ThisHost, openThisHost } from "./this-host.ts";

export interface AutostartOptions {
  readonly uri: string;
  readonly wait: boolean;
}

const ALL_ENDS_MS = 600_000;
const AGAIN_MS = 10_000;

/** Returns the autostart guests with metadata of guestnet that have not run since the host started. */
const neverStarted = async ({ host, virsh }: ThisHost): Promise<readonly ReadDomain[]> => {
  const { xmls, autostart } = await readInactive(virsh);
  return toDomains(xmls).filter((one) => {
    if (one.kind === "invalid" || !isOurs(one)) return false;
    const { uuid } = one.domain;
    const record = parseStartRecord(host.readFile(`${STARTS}/${uuid}`));
    return autostart.has(uuid) && record?.kind !== "started";
  });
};

/** Starts a guest, unless the host lacks something that it needs. @returns the reason if it does not run, or null */
const start = async (guest: ReadDomain, { host, virsh }: ThisHost): Promise<string | null> => {
  if (guest.kind === "invalid") return guest.reasons.join("; ");
  const { refused } = await receptionOf(guest.domain, "here", shareAnswers(host));
  if (refused.length > 0) return [...new Set(refused.map(unmetText))].join("; ");
  const ran = await virsh("start", "--domain", guest.domain.uuid);
  return ran.code === 0 ? null : saidBy(ran);
};

/** Tries each guest once. @returns the reasons of the remaining guests, by name */
const startAll = async (live: ThisHost): Promise<ReadonlyMap<string, string>> => {
  const left = new Map<string, string>();
  for (const guest of await neverStarted(live)) {
    const why = await start(guest, live);
    if (why === null) report(`guest ${guest.name}: started`);
    else left.set(guest.name, why);
  }
  return left;
};

/** `guestnet autostart`. @returns the exit code */
export const autostartCommand = async ({ uri, wait }: AutostartOptions): Promise<0 | 1> => {
  let before: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const left = await startAll(openThisHost("autostart", uri, ALL_ENDS_MS));
    for (const [name, why] of left)
      if (before.get(name) !== why) warn(`guest ${name} is not started: ${why}`);
    if (left.size === 0) return 0;
    if (!wait) return 1;
    before = left;
    await sleep(AGAIN_MS);
  }
};
