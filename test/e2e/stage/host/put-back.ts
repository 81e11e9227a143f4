// Puts the network of a machine back as a trial does: by the program, and by the script for other hosts.
import { toHostNetwork } from "../../../../src/host-network/to-host-network.ts";
import { commandsOf } from "../../../../src/host-trial/managers.ts";
import { restore } from "../../../../src/host-trial/restore/restore.ts";
import { triedOf } from "../../../../src/host-trial/restore/tried.ts";
import type { PlanThere } from "../../../../src/host-trial/there/plan-script.ts";
import { recordFiles } from "../../../../src/host-trial/there/scripts.ts";
import type { TrialRecord } from "../../../../src/host-trial/trial.ts";
import { toLiveNetwork } from "../../../../src/live-network/readings.ts";
import { askNetwork } from "../../../../src/run/read-live-network.ts";
import { parseSite } from "../../../../src/site/site.ts";
import type { Machine } from "../../../lab/lab.ts";

/** Puts a network back that was read before. Once may not be enough: what a device loses is looked for again. */
export type PutBack = () => Promise<void>;

const ROUNDS = 3;

const networkOf = (description: object) => {
  const site = parseSite(JSON.stringify(description));
  if (!site.ok) throw new Error("this host.json has errors");
  return toHostNetwork(site.value);
};

const ask = (machine: Machine) => askNetwork({ run: (program, args) => machine.run([program, ...args]) });

/** Reads the network of a machine. @param tried the host.json whose trial is to be put back */
export const remembered = async (machine: Machine, tried: object): Promise<PutBack> => {
  const read = async () => toLiveNetwork(await ask(machine), () => null);
  const triedHere = triedOf(networkOf(tried));
  const before = await read();
  return async () => {
    for (let round = 0; round < ROUNDS; round++)
      for (const line of restore(before, await read(), triedHere)) await machine.run(line);
  };
};

const SCRIPTS = "work=/run/put-back; cd $work; . ./plan.sh; . ./look.sh; . ./restore.sh";

/** The same by the scripts of a trial on another host. */
export const rememberedThere = async (machine: Machine, tried: object): Promise<PutBack> => {
  const network = networkOf(tried);
  const answers = await ask(machine);
  const record: TrialRecord = {
    ...{ id: "1", format: "iproute2", site: "{}", timeout: 60, uri: "qemu:///system", boot: "one" },
    ...{ files: [], session: null, before: {}, sysctls: {}, wrongBefore: [] },
  };
  const plan: PlanThere = {
    ...{ record, network, commands: commandsOf("iproute2", network, []), taps: [] },
    before: toLiveNetwork(answers, () => null),
  };
  for (const [name, text] of recordFiles(plan)) await machine.writeFile(`/run/put-back/${name}`, text);
  await machine.sh(`${SCRIPTS}; look "$devices" >state`);
  return async () => {
    await machine.sh(`${SCRIPTS}; for round in ${"x ".repeat(ROUNDS)}; do restore_network || true; done`);
  };
};
