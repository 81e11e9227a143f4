import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../../src/host-trial/ports.ts";
import { runTrial } from "../../src/host-trial/run-trial.ts";
import { beginTrial, changePhase, type TrialRecord } from "../../src/host-trial/trial.ts";
import { FILE, type FakeHost, fakeHost, Killed, OLD } from "./fake-host.ts";

const BOOT = "/etc/systemd/system/boot.service";
const RECORD: TrialRecord = {
  ...{ id: "1", format: "networkd", site: "{}", timeout: 60, uri: "qemu:///system", boot: "one" },
  files: [
    { path: BOOT, existed: false, next: { text: "unit", mode: 0o644 }, temporary: true },
    { path: FILE, existed: false, next: { text: "bridge", mode: 0o644 }, temporary: false },
    { path: OLD, existed: true, next: null, temporary: false },
  ],
  session: { pid: 7, startedAt: "1" },
  before: {},
  sysctls: { "net/ipv4/ip_forward": "0" },
  wrongBefore: ["broken broken-0"],
};

const opened = (): FakeHost => fakeHost({ [OLD]: "old" });
const run = (host: FakeHost): Promise<Outcome | null> => runTrial(() => host.plan, host.ports);

/** Everything that a person sees of the host, without the directory of trials, which may stay. */
const stateOf = (host: FakeHost): object => ({
  files: host.paths().filter((path) => !["/etc/net", "/etc/systemd/system"].includes(path)),
  old: host.text(OLD),
  devices: host.devices(),
});
const BEFORE = stateOf(opened());
const KEPT = { files: ["/etc", FILE], old: null, devices: ["eno1", "br0"] };

/** Confirms as soon as the trial waits. */
const confirming = (host: FakeHost): void => {
  host.onTime = () => {
    changePhase(host.ports.disk, "waiting", "confirmed");
  };
};

describe("a trial", () => {
  const begun = (): FakeHost => {
    const host = opened();
    expect(beginTrial(host.ports.disk, RECORD)).toBe(true);
    return host;
  };

  test("that is confirmed leaves the new files and devices, and nothing of its own", async () => {
    const host = begun();
    confirming(host);
    expect(await run(host)).toEqual({ kind: "confirmed", id: "1", wrong: [] });
    expect(stateOf(host)).toEqual(KEPT);
  });

  test.each<readonly [string, (host: FakeHost) => void, RegExp]>([
    ["is not confirmed", () => undefined, /^it was not confirmed within 60 s$/],
    [
      "loses its ssh session",
      (host) => (host.onTime = (s) => (host.sessionAlive = s < 10)),
      /^the ssh session/,
    ],
    [
      "harms a guest",
      (host) => (host.onTime = (s) => (host.wrongGuest = s > 5 ? "web1 web1-0" : null)),
      /^NIC web1 web1-0 differs: missing: VLAN 20$/,
    ],
    [
      "is rolled back",
      (host) => (host.onTime = (s) => s > 5 && changePhase(host.ports.disk, "waiting", "rolling-back")),
      /^guestnet host rollback was run$/,
    ],
    [
      "has a manager that refuses",
      (host) => (host.refuses = "bad file"),
      /^the host does not match host.json: br0: no device bridge; manager reload: bad file$/,
    ],
    ["finds a full disk", (host) => (host.full = true), /no space left/],
    ["is of an earlier boot", (host) => (host.boot = "two"), /^the host was restarted$/],
  ])("that %s puts everything back", async (_, arrange, reason) => {
    const host = begun();
    arrange(host);
    expect(await run(host)).toMatchObject({
      kind: "rolled-back",
      reason: expect.stringMatching(reason),
      left: [],
    });
    expect(stateOf(host)).toEqual(BEFORE);
  });

  test("does not watch a NIC that differed before, nor one that is repaired within 3 s", async () => {
    const host = begun();
    host.onTime = (s) => {
      host.wrongGuest = s > 5 && s < 7 ? "web1 web1-0" : "broken broken-0";
      if (s > 20) changePhase(host.ports.disk, "waiting", "confirmed");
    };
    expect(await run(host)).toMatchObject({ kind: "confirmed" });
  });

  test("repairs the guests of a manager that cannot be kept from them, before and after", async () => {
    for (const end of ["confirmed", "rolled-back"] as const) {
      const host = begun();
      host.disturbsGuests = true;
      if (end === "confirmed") confirming(host);
      expect(await run(host)).toMatchObject({ kind: end });
      expect(host.wrongGuest).toBeNull();
    }
  });

  test("is one at a time", () => {
    expect(beginTrial(begun().ports.disk, RECORD)).toBe(false);
  });
});

test("a trial that cannot be recorded changes nothing", () => {
  const host = opened();
  host.full = true;
  expect(() => beginTrial(host.ports.disk, RECORD)).toThrow("no space left");
  expect(stateOf(host)).toEqual(BEFORE);
});

/** Runs a trial whose process is killed after so many steps, and again until it ends. @returns whether it was killed */
const killedAfter = async (
  steps: number,
  host: FakeHost,
  restart: (host: FakeHost) => void,
): Promise<boolean> => {
  host.killAfter = steps;
  try {
    if (beginTrial(host.ports.disk, RECORD)) await run(host);
    // The step that was to be the last is beyond the end.
    if (host.calls <= steps) return false;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  host.killAfter = Infinity;
  restart(host);
  await run(host);
  return true;
};

/** A killed process runs none of its own error handling: what it does after its end is as if it were not. */
describe.each<readonly [string, (host: FakeHost) => void]>([
  ["runs again", () => undefined],
  ["is found after a restart of the host", (host) => (host.boot = "two")],
])("a trial that was killed at any step, and %s", (name, restart) => {
  test("is put back whole, or had not begun", async () => {
    let steps = 0;
    for (; await killedAfter(steps, opened(), restart); steps++) {
      const host = opened();
      await killedAfter(steps, host, restart);
      // The kernel's devices do not outlive a restart: the manager makes them anew, from the files.
      const devices = name === "runs again" ? host.devices() : ["eno1"];
      const { files, old } = stateOf(host) as { files: readonly string[]; old: string };
      // A record that was not whole yet is removed by the next trial.
      const left = files.filter((path) => !path.startsWith("/etc/guestnet-trial.new"));
      expect({ steps, files: left, old, devices }).toEqual({ steps, ...BEFORE });
    }
    expect(steps).toBeGreaterThan(20);
  });
});
