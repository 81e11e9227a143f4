import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { Host } from "../../src/kernel/host.ts";
import { type CaseGuest, caseGuests } from "../support/case-host.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { plug, start, stateOf, unplug } from "../support/life.ts";

const OPERATIONS = ["prepare", "start"] as const;
type Starting = (typeof OPERATIONS)[number];

/** A host in which the operation can begin. */
const hostBefore = async (operation: Starting, { domain, host }: CaseGuest): Promise<FakeKernel> => {
  const kernel = host();
  if (operation === "prepare") return kernel;
  expect((await handle("prepare", domain, kernel)).wrong).toEqual([]);
  plug(domain, kernel);
  kernel.log.length = 0;
  return kernel;
};

const linesOf = async (operation: Starting, one: CaseGuest): Promise<readonly string[]> => {
  const kernel = await hostBefore(operation, one);
  expect((await handle(operation, one.domain, kernel)).wrong).toEqual([]);
  return [...kernel.log];
};

const exactly = (line: string): RegExp =>
  new RegExp(`^${line.startsWith("nft") ? "nft" : line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

const isQuestion = (line: string): boolean => / (show|get) /.test(`${line} `);

/** A host on which the tool that is to make this change is ended before it can say how far it has come. */
const endedAt = (change: number, kernel: FakeKernel): Host => {
  let left = change;
  const isNow = (changes: number): boolean => {
    const now = left >= 0 && left < changes;
    if (!now) left -= changes;
    return now;
  };
  const writing =
    (write: Host["writeSysfs"]): Host["writeSysfs"] =>
    (name, value) => {
      if (isNow(1)) {
        left = -1;
        throw new Error("EIO: i/o error, write");
      }
      write(name, value);
    };
  return {
    readSysctl: kernel.readSysctl,
    readFile: kernel.readFile,
    exists: kernel.exists,
    writeSysctl: writing(kernel.writeSysctl),
    writeSysfs: writing(kernel.writeSysfs),
    run: async (file, args, stdin = "") => {
      const lines = stdin.split("\n").filter((line) => line !== "");
      const counts = (line: string): boolean =>
        file === "nft" ? /^(add table inet|flush chain bridge|\w+ element) /.test(line) : !isQuestion(line);
      if (!isNow(lines.filter(counts).length)) return kernel.run(file, args, stdin);
      // A file for nft is one transaction.
      if (left > 0 && file !== "nft") await kernel.run(file, args, lines.slice(0, left).join("\n"));
      left = -1;
      return { code: 124, stdout: "", stderr: `${file} had not ended when the time was up` };
    },
  };
};

const guests = caseGuests().map((one): readonly [string, CaseGuest] => [one.name, one]);

test("there are guests of every kind", () => {
  expect(guests.length).toBeGreaterThan(25);
});

describe.each(guests)("%s", (_, one) => {
  const { domain, host } = one;
  const isStartable = async (): Promise<boolean> =>
    start(domain, host()).then(
      () => true,
      () => false,
    );
  const everyLine = async (
    then: (operation: Starting, line: string, change: number) => Promise<void>,
  ): Promise<void> => {
    // Some are there to be refused.
    if (!(await isStartable())) return;
    for (const operation of OPERATIONS) {
      for (const [change, line] of (await linesOf(operation, one)).entries())
        await then(operation, line, change);
    }
  };
  const named = ([text = ""]: readonly string[]): boolean =>
    // These are the host's, or a bridge's.
    /the source check|the anti-spoofing rules|learning from link-local frames on/.test(text) ||
    domain.nics.some(({ tap }) => text.includes(tap)) ||
    // What is on an uplink is known by the guest's address.
    /neighbour proxy \S+ dev/.test(text);
  /** Whatever went wrong, what is left goes with QEMU and at release, and the next start is whole. */
  const recovers = async (kernel: FakeKernel): Promise<void> => {
    unplug(domain, kernel);
    expect((await handle("release", domain, kernel)).wrong).toEqual([]);
    expect(stateOf(kernel)).toBe(stateOf(host()));
    await start(domain, kernel);
  };

  test("each line that fails is one problem that says where and why, and leaves nothing", () =>
    everyLine(async (operation, line) => {
      const kernel = await hostBefore(operation, one);
      const before = stateOf(kernel);
      kernel.fault = { line: exactly(line), says: "RTNETLINK answers: Out of luck" };
      const { wrong } = await handle(operation, domain, kernel);
      expect({ line, wrong }).toEqual({
        line,
        wrong: [
          expect.stringMatching(/^\w+ing .*: RTNETLINK answers: Out of luck \(\d+ of \d+ steps applied\)$/),
        ],
      });
      expect(named(wrong)).toBe(true);
      if (operation === "prepare") expect(stateOf(kernel)).toBe(before);
      await recovers(kernel);
    }));

  test("a tool that is ended at any line leaves nothing, however far it came", () =>
    everyLine(async (operation, line, change) => {
      const kernel = await hostBefore(operation, one);
      const before = stateOf(kernel);
      const { wrong } = await handle(operation, domain, endedAt(change, kernel));
      expect({ line, wrong }).toEqual({
        line,
        wrong: [
          expect.stringMatching(
            /: (.* had not ended when the time was up|EIO.*) \((\d+ to )?\d+ of \d+ steps applied\)$/,
          ),
        ],
      });
      if (operation === "prepare") expect(stateOf(kernel)).toBe(before);
      await recovers(kernel);
    }));

  test("where taps are missing at reconnect, a tool that is ended at any line leaves no half-made one", async () => {
    const [whole, fresh] = [host(), host()];
    await handle("reconnect", domain, whole);
    for (const [change, line] of whole.log.entries()) {
      const kernel = host();
      await handle("reconnect", domain, endedAt(change, kernel));
      const left = [...kernel.devices.keys()].filter((name) => !fresh.devices.has(name));
      const taps: readonly string[] = domain.nics.map(({ tap }) => tap);
      expect({ line, left: left.filter((name) => !taps.includes(name)) }).toEqual({ line, left: [] });
    }
  });
});
