import { expect, test } from "@jest/globals";
import { followThere } from "../../../src/commands/guestnet/host/follow-there.ts";
import type { OpenHost } from "../../../src/commands/guestnet/hosts/open-host.ts";
import { filesHere } from "../../../src/commands/guestnet/system/files-here.ts";
import { toHostNetwork } from "../../../src/host-network/to-host-network.ts";
import type { PlanThere } from "../../../src/host-trial/there/plan-script.ts";
import { toLiveNetwork } from "../../../src/live-network/readings.ts";
import { parseSite } from "../../../src/site/site.ts";

const OUTCOME = "/run/guestnet/host-trial.json";
const PUT_BACK = { kind: "rolled-back", id: "one", reason: "guestnet host rollback was run", left: [] };

const site = parseSite("{}");
if (!site.ok) throw new Error("the host.json has errors");
const before = toLiveNetwork(new Map(), () => null);
const PLAN: PlanThere = {
  record: {
    ...{ id: "one", format: "networkd", site: "{}", files: [], timeout: 60, session: null },
    ...{ uri: "qemu:///system", boot: "", before: {}, sysctls: {}, wrongBefore: [] },
  },
  commands: { apply: [], back: [], keep: [], boot: [], disturbsGuests: false },
  ...{ network: toHostNetwork(site.value), before, taps: [] },
};

const no = (): never => {
  throw new Error("not asked of this host");
};

/**
 * A host whose trial ends.
 *
 * @param answers those of `systemctl is-active`, one for each look; the last one stays
 * @param phase the file that tells the phase
 * @param outcome what the trial writes when it ends
 */
const hostWhose = (answers: readonly string[], phase: string | null, outcome: object | null): OpenHost => {
  let looks = 0;
  const hasEnded = (): boolean => looks >= answers.length;
  return {
    run: () => {
      const stdout = answers[Math.min(looks, answers.length - 1)] ?? "";
      looks += 1;
      return Promise.resolve({ code: 0, stdout, stderr: "" });
    },
    files: {
      ...filesHere,
      read: (path) =>
        Promise.resolve(path === OUTCOME && hasEnded() && outcome !== null ? JSON.stringify(outcome) : null),
      names: () => Promise.resolve(phase === null ? [] : [phase]),
    },
    uri: "qemu:///system",
    ...{ chain: no, look: no, virsh: no, by: no, byUri: no, close: no },
  };
};

test.each([
  ["phase.ready", "the host stays as it is now, unchanged, until guestnet host rollback or a restart"],
  ["phase.changing", "the host stays as it is now, with the new files, until guestnet host rollback"],
  [null, "its record is gone, so the host's network was put back or kept"],
])(
  "a trial whose process has ended without an outcome, at %s, is said with what is now true",
  async (phase, now) => {
    await expect(followThere(PLAN, hostWhose(["inactive\n"], phase, null), "kvm2")).rejects.toMatchObject({
      name: "Failure",
      message: expect.stringContaining(
        `cannot see how the trial on kvm2 ends: its process has ended; ${now}`,
      ),
      hint: "ssh root@kvm2 journalctl -u guestnet-host-trial",
    });
  },
);

test("the outcome counts that the process has written before it ended", async () => {
  expect(await followThere(PLAN, hostWhose(["active\n", "inactive\n"], null, PUT_BACK), "kvm2")).toEqual(
    PUT_BACK,
  );
});

test.each(["activating\n", "deactivating\n", ""])(
  "a process that is started again, or a systemd that does not answer (%j), is waited for",
  async (answer) => {
    expect(
      await followThere(PLAN, hostWhose([answer, "inactive\n"], "phase.changing", PUT_BACK), "kvm2"),
    ).toEqual(PUT_BACK);
  },
);
