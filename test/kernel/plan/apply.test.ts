import { expect, test } from "@jest/globals";
import type { Tool } from "../../../src/kernel/facts/command.ts";
import { deviceQuestion } from "../../../src/kernel/facts/device.ts";
import type { Question } from "../../../src/kernel/facts/question.ts";
import type { Plan, Purpose } from "../../../src/kernel/facts/step.ts";
import type { Host, Ran } from "../../../src/kernel/host.ts";
import { type IfName, parseIfName } from "../../../src/values/names.ts";
import { apply } from "../../../src/kernel/plan/apply.ts";
import { recordedRun } from "../../support/recorded.ts";

const X = parseIfName("x") ?? ("" as IfName);
const purpose: Purpose = { kind: "open-port", port: X };
const plan = (...lines: readonly (readonly [Tool, string])[]): Plan =>
  lines.map(([tool, line]) => {
    if (tool !== "sysctl" && tool !== "sysfs") return { tool, command: line, undo: null, purpose };
    const [name = "", value = ""] = line.split("=");
    return { tool, command: { name, value }, undo: null, purpose };
  });
const LINK = deviceQuestion(X);
const ADDRESS: Question = { ...LINK, object: "address" };

/** No questions behind the changes. */
const NOTHING = { ip: [], bridge: [] };

/** A host that answers each process in turn, and remembers what it was asked. */
const answering = (...answers: readonly Partial<Ran>[]) => {
  const asked: string[] = [];
  const left = answers.values();
  const host: Host = {
    run: (file, args, stdin = "") => {
      asked.push(`${[file, ...args].join(" ")} < ${stdin.trimEnd().replaceAll("\n", " | ")}`);
      return Promise.resolve({ code: 0, stdout: "", stderr: "", ...left.next().value });
    },
    readFile: () => null,
    exists: () => false,
    readSysctl: () => null,
    writeSysctl: (name, value) => {
      if (value === "bad") throw new Error("EINVAL: invalid argument, write");
      asked.push(`${name}=${value}`);
    },
    writeSysfs: (name, value) => {
      asked.push(`/sys/${name}=${value}`);
    },
  };
  return { host, asked };
};

test("neighbouring lines of one tool are one process, in order", async () => {
  const { host, asked } = answering();
  const steps = plan(
    ["ip", "a"],
    ["ip", "b"],
    ["sysctl", "x/y=1"],
    ["bridge", "c"],
    ["ip", "d"],
    ["nft", "e"],
  );
  expect(await apply(steps, NOTHING, host)).toMatchObject({ kind: "applied", steps: 6 });
  expect(asked).toEqual([
    "ip -batch - < a | b",
    "x/y=1",
    "bridge -batch - < c",
    "ip -batch - < d",
    "nft -f - < e",
  ]);
});

test("nothing to do starts nothing", async () => {
  const { host, asked } = answering();
  expect(await apply([], NOTHING, host)).toMatchObject({ kind: "applied", steps: 0 });
  expect(asked).toEqual([]);
});

test("finds the line that failed in what ip really says", async () => {
  const { host } = answering(recordedRun("batch-failed"));
  expect(await apply(plan(["ip", "a"], ["ip", "b"], ["ip", "c"]), NOTHING, host)).toMatchObject({
    kind: "stopped",
    applied: 1,
    failed: { command: "b" },
    reason: "RTNETLINK answers: File exists",
  });
});

test.each([
  [
    "several lines of a tool are one",
    { code: 2, stderr: "Error: no.\nTry again.\nCommand failed -:1\n" },
    "Error: no.; Try again.",
  ],
  ["a tool that says nothing", { code: 255 }, "ip ended with status 255"],
  [
    "a tool that was too late",
    { code: 124, stderr: "ip had not ended when the time was up" },
    "ip had not ended when the time was up",
  ],
])("says why: %s", async (_, ran, reason) => {
  const { host } = answering(ran);
  expect(await apply(plan(["ip", "a"]), NOTHING, host)).toMatchObject({
    kind: "stopped",
    applied: 0,
    reason,
  });
});

test.each([
  [
    "its first line, which says what is wrong",
    { code: 1, stderr: "x:1:1-5: Error: syntax error\nadd tble\n    ^^^^\n" },
    "x:1:1-5: Error: syntax error",
  ],
  ["its status when it says nothing", { code: 1 }, "nft ended with status 1"],
])("of nft it tells %s", async (_, ran, reason) => {
  const { host } = answering(ran);
  expect(await apply(plan(["nft", "a"]), NOTHING, host)).toMatchObject({
    kind: "stopped",
    applied: 0,
    reason,
  });
});

test("a setting that the kernel refuses ends it there", async () => {
  const { host, asked } = answering();
  const steps = plan(["sysctl", "a/b=1"], ["sysctl", "c/d=bad"], ["sysctl", "e/f=1"], ["ip", "g"]);
  expect(await apply(steps, NOTHING, host)).toMatchObject({
    applied: 1,
    failed: { command: { name: "c/d", value: "bad" } },
    reason: expect.stringContaining("EINVAL"),
  });
  expect(asked).toEqual(["a/b=1"]);
});

test("each tool is asked behind its last change, in the same process", async () => {
  const { host, asked } = answering({}, {}, { stdout: '[{"a":1}]\n[]\n' });
  const steps = plan(["ip", "a"], ["bridge", "b"], ["ip", "c"]);
  const applied = await apply(steps, { ip: [LINK, ADDRESS], bridge: [] }, host);
  expect(asked).toEqual([
    "ip -batch - < a",
    "bridge -batch - < b",
    "ip -json -details -N -batch - < c | link show dev x | address show dev x",
  ]);
  expect(applied).toMatchObject({ kind: "applied", steps: 3, answers: { ip: [[{ a: 1 }], []], bridge: [] } });
});

test("a question that fails is no failed change: the device has just gone", async () => {
  const { host } = answering({ code: 1, stderr: 'Device "x" does not exist.\nCommand failed -:2\n' });
  const applied = await apply(plan(["ip", "a"]), { ip: [LINK], bridge: [] }, host);
  expect(applied).toMatchObject({ kind: "applied", steps: 1, answers: { ip: null } });
});
