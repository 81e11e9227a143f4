import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";
import { type Ended, outputOf, runProgram } from "../../support/run-program.ts";

const HOST = { routed: { prefixes: ["2001:db8:1::/64", "192.0.2.64/28"] } };
const GIT = [
  "-c",
  "user.name=Operator",
  "-c",
  "user.email=operator@example.org",
  "-c",
  "core.hooksPath=/dev/null",
];
const ENVIRONMENT = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

let genxml: Genxml;
let git: (...args: readonly string[]) => string;

beforeEach(() => {
  genxml = genxmlIn();
  git = (...args) => outputOf("git", [...GIT, ...args], { cwd: genxml.folder, env: ENVIRONMENT });
  git("init", "--quiet", "--initial-branch=main");
  genxml.write("host.json", JSON.stringify(HOST));
  write("old", { type: "routed", addresses: ["2001:db8:1::1", "192.0.2.65"] });
  commit();
});
afterEach(() => {
  genxml.remove();
});

const write = (name: string, nic: object): void => {
  genxml.write(`${name}.json`, `${JSON.stringify({ name, memory: "1 GiB", interfaces: [nic] }, null, 2)}\n`);
};
const commit = (): void => {
  git("add", "--all");
  git("commit", "--quiet", "--message=assign addresses");
};
const assign = (name: string, ...options: readonly string[]): void => {
  expect(genxml.run(["addresses", "assign", `${name}.json`, ...options])).toMatchObject({ status: 0 });
};
/** Does work in a branch of its own, from what main was. */
const inBranch = (branch: string, work: () => void): void => {
  git("switch", "--quiet", "--create", branch, "main");
  work();
  commit();
};
const merge = (branch: string): Ended =>
  runProgram("git", [...GIT, "merge", "--quiet", branch], { cwd: genxml.folder, env: ENVIRONMENT });
test("two branches that give two new guests the same address merge, and check names both, until one is assigned again", () => {
  for (const name of ["web1", "web2"])
    inBranch(name, () => {
      write(name, { type: "routed" });
      assign(name);
    });
  git("switch", "--quiet", "main");
  for (const name of ["web1", "web2"]) expect(merge(name)).toMatchObject({ status: 0 });
  const checked = genxml.run(["check", "."]);
  expect(checked.status).toBe(1);
  for (const [name, other] of [
    ["web1", "web2"],
    ["web2", "web1"],
  ] as const)
    expect(checked.stderr).toMatch(
      new RegExp(`^${name}\\.json:\\d+:\\d+: error: .*2001:db8:1::2 .*"${other}".* \\[duplicate\\]$`, "m"),
    );
  // No XML of either can come to a host.
  expect(genxml.run([".", "-o", "out/"]).status).toBe(1);
  expect(readdirSync(join(genxml.folder, "out"))).toEqual(["old.xml"]);
  const before = readFileSync(join(genxml.folder, "web1.json"), "utf8");
  write("web2", { type: "routed" });
  assign("web2");
  expect(genxml.run(["check", "."]).status).toBe(0);
  expect(readFileSync(join(genxml.folder, "web1.json"), "utf8")).toBe(before);
});

test("two branches that give one guest different addresses are a conflict of git", () => {
  write("shared", { type: "routed" });
  commit();
  inBranch("one", () => {
    assign("shared");
  });
  inBranch("other", () => {
    write("web1", { type: "routed" });
    assign("web1");
    assign("shared");
  });
  git("switch", "--quiet", "main");
  expect(merge("one")).toMatchObject({ status: 0 });
  expect(merge("other")).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/CONFLICT.*shared\.json/),
  });
  // A file with git's marks is an error to everything that reads it: nothing of it comes to a host.
  const checked = genxml.run(["check", "."]);
  expect([checked.status, checked.stderr]).toEqual([1, expect.stringContaining("shared.json:")]);
});
