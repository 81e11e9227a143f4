import { describe, expect, test } from "@jest/globals";
import { isRouted, type LiveDomain, type RoutedNic } from "../../src/guest/nic.ts";
import { handle } from "../../src/hook/handle.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { WITHDRAWN_PROTOCOL } from "../../src/kernel/facts/route/route.ts";
import { answersFile, watchAgain, watchAnswers, watchLines } from "../../src/move/answers.ts";
import { markerOf } from "../../src/move/marker.ts";
import type { MovingHost } from "../../src/move/moving-host.ts";
import { survey } from "../../src/survey/survey.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import fc from "../support/fast-check.ts";
import { hostWith, start, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const TAP = "t-0";
const INDEX = "7";
const PID = "4711";
const routed = (more: object, anycast: unknown): LiveDomain =>
  domainOf(guest({ type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], ...more, anycast }));
const WATCHED = { while: "answers" };

const nicOf = ({ nics }: LiveDomain): RoutedNic => {
  const [nic] = nics.filter(isRouted);
  if (nic === undefined) throw new Error("the guest has a routed NIC");
  return nic;
};
const linesOf = (domain: LiveDomain) => watchLines(nicOf(domain), domain.uuid);

/** What hooks/watch.sh writes. */
const note = (kernel: FakeKernel, answers: "yes" | "no", index = INDEX): void => {
  kernel.files.set(`/sys/class/net/${TAP}/ifindex`, INDEX);
  kernel.files.set(answersFile(TAP), `${index} ${PID} ${answers}`);
};
const runs = (kernel: FakeKernel): void => {
  kernel.files.set(`/proc/${PID}/cmdline`, `/bin/bash\0/hook\0t\0watch\0${answersFile(TAP)}\0`);
};

/** Runs lines as the process does; the fake kernel has the guest's routes only. */
const run = async (kernel: FakeKernel, text: string): Promise<void> => {
  const lines = text.split("\n").filter((line) => !line.includes(`proto ${String(WITHDRAWN_PROTOCOL)}`));
  expect(await kernel.run("ip", ["-force", "-batch", "-"], `${lines.join("\n")}\n`)).toMatchObject({
    code: 0,
  });
};

const changesAt = async (domain: LiveDomain, kernel: FakeKernel): Promise<readonly string[]> => {
  kernel.log.length = 0;
  const { wrong } = await handle("reconnect", domain, kernel);
  return [...wrong, ...kernel.log.filter((line) => /^ip route (add|append|del)/.test(line))];
};
const stateIn = async (domain: LiveDomain, kernel: FakeKernel): Promise<unknown> => {
  const [found] = (await survey([{ kind: "read", name: domain.name, domain }], toAsked(kernel))).guests;
  return found?.kind === "read" ? found.nics[0]?.state.kind : found;
};

const shapes = fc.record({
  addresses: fc.constantFrom(["2001:db8::1"], ["192.0.2.1"], ["2001:db8::1", "192.0.2.1", "192.0.2.2"]),
  prefixes: fc.constantFrom([], ["2001:db8:53::/64"]),
  metric: fc.constantFrom(undefined, 5),
  table: fc.constantFrom(undefined, 100),
});
const valid = ({
  addresses,
  prefixes,
}: {
  readonly addresses: readonly string[];
  readonly prefixes: readonly string[];
}): boolean => prefixes.length === 0 || addresses.some((one) => one.includes(":"));

test("an answer makes the host what it is for a guest that is not watched, and silence takes back just that", async () => {
  await fc.assert(
    fc.asyncProperty(shapes.filter(valid), async (shape) => {
      const [watched, plain] = [routed(shape, WATCHED), routed(shape, true)];
      const [kernel, other] = [hostWith(), hostWith()];
      await start(watched, kernel);
      await start(plain, other);
      const before = stateOf(kernel);
      const { announce, withdraw } = linesOf(watched);
      await run(kernel, announce);
      expect(stateOf(kernel)).toBe(stateOf(other));
      await run(kernel, withdraw);
      expect(stateOf(kernel)).toBe(before);
      expect(before).not.toMatch(/route .* proto 76/);
    }),
    { numRuns: 50 },
  );
});

describe("the hook and the survey agree with the process", () => {
  const domain = routed({}, WATCHED);

  test.each(["yes", "no"] as const)("that noted %s", async (answers) => {
    const kernel = hostWith();
    await start(domain, kernel);
    if (answers === "yes") await run(kernel, linesOf(domain).announce);
    note(kernel, answers);
    expect(await stateIn(domain, kernel)).toBe("ok");
    expect(await changesAt(domain, kernel)).toEqual([]);
  });

  test("routes that are missing while it answers are drift, and so are others while it does not", async () => {
    const kernel = hostWith();
    await start(domain, kernel);
    note(kernel, "yes");
    expect(await stateIn(domain, kernel)).toBe("drift");
    expect(await changesAt(domain, kernel)).toHaveLength(2);
    note(kernel, "no");
    expect(await stateIn(domain, kernel)).toBe("drift");
    expect(await changesAt(domain, kernel)).toHaveLength(2);
  });

  test("what an earlier tap of that name left does not count", async () => {
    const kernel = hostWith();
    await start(domain, kernel);
    note(kernel, "no", "6");
    expect(await stateIn(domain, kernel)).toBe("drift");
  });
});

describe("the process", () => {
  const domain = routed({}, WATCHED);
  const left: (readonly string[])[] = [];
  const moving = (kernel: FakeKernel): MovingHost => ({
    run: kernel.run,
    readFile: (name) => kernel.files.get(name) ?? null,
    exists: kernel.exists,
    readSysctl: kernel.readSysctl,
    writeSysctl: kernel.writeSysctl,
    writeSysfs: kernel.writeSysfs,
    leave: (words) => {
      left.push(words);
      return Promise.resolve(Number(PID));
    },
    writeFile: () => undefined,
    removeFile: () => undefined,
  });
  const started = async (): Promise<FakeKernel> => {
    const kernel = hostWith();
    await start(domain, kernel);
    kernel.files.set(`/sys/class/net/${TAP}/ifindex`, INDEX);
    left.length = 0;
    return kernel;
  };
  const head = (): readonly (readonly string[])[] => left.map((words) => words.slice(0, 5));

  test("is left for a NIC that depends on answers alone, and begins without them", async () => {
    const kernel = await started();
    expect(await watchAnswers(domain, false, moving(kernel))).toEqual([]);
    expect(head()).toEqual([["t", "watch", answersFile(TAP), "no", ""]]);
    expect(left[0]?.at(-1)).toBe(`${TAP}:${INDEX}`);
    left.length = 0;
    await watchAnswers(routed({}, true), false, moving(kernel));
    expect(left).toEqual([]);
  });

  test("leaves the routes of a guest that moves here alone until it is here", async () => {
    const kernel = await started();
    await watchAnswers(domain, true, moving(kernel));
    expect(head()).toEqual([["t", "watch", answersFile(TAP), "yes", markerOf(domain.uuid)]]);
  });

  test.each([
    ["runs", "no", true, []],
    ["was killed while the guest answered", "yes", false, ["yes"]],
    ["was killed while the guest did not answer", "no", false, ["no"]],
  ] as const)("at reconnect, if it %s", async (_, answers, isAlive, expected) => {
    const kernel = await started();
    note(kernel, answers);
    if (isAlive) runs(kernel);
    await watchAgain(domain, moving(kernel));
    expect(left.map((words) => words[3])).toEqual(expected);
  });

  test("that cannot be left is a note", async () => {
    const kernel = hostWith();
    expect(await watchAnswers(domain, false, moving(kernel))).toEqual([
      `the routes of ${TAP} do not depend on its answers: device ${TAP} does not exist`,
    ]);
  });
});
