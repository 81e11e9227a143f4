import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHere } from "../lab/run-here.ts";

// Compiled and read back: no kernel that enforces it was there to run it.

const MODULE = "packaging/selinux/guestnet.cil";
const TARGETED = "fixtures/selinux/targeted.cil";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-selinux-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Policy {
  /** The rules of a query, as sesearch prints them. */
  readonly search: (...query: readonly string[]) => readonly string[];
  /** What file types the policy gives. */
  readonly contexts: string;
}

const compile = (name: string, ...sources: readonly string[]): Policy => {
  const [policy, contexts] = [join(folder, name), join(folder, `${name}.contexts`)];
  const compiled = runHere("secilc", ["-M", "true", "-c", "33", "-o", policy, "-f", contexts, ...sources]);
  expect(compiled).toEqual({ status: 0, stdout: "", stderr: "" });
  return {
    search: (...query) => {
      const { status, stdout, stderr } = runHere("sesearch", [...query, policy]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return stdout.trim().split("\n").filter(Boolean);
    },
    contexts: readFileSync(contexts, "utf8"),
  };
};

/** The rules between a daemon's domain and hooks, with the daemon's name taken out. */
const rulesOf = (daemon: string, { search }: Policy): readonly string[] =>
  [
    ...search("-A", "-s", daemon, "-t", "virt_hook_t"),
    ...search("-A", "-s", daemon, "-t", "virt_hook_unconfined_t"),
    ...search("-A", "-s", "virt_hook_unconfined_t", "-t", daemon),
    ...search("-T", "-s", daemon, "-t", "virt_hook_t"),
  ].map((rule) => rule.replaceAll(daemon, "DAEMON"));

test("the policy alone lets virtnetworkd run hooks, and virtqemud none", () => {
  const policy = compile("alone", TARGETED);
  expect(rulesOf("virtnetworkd_t", policy)).toHaveLength(6);
  expect(rulesOf("virtqemud_t", policy)).toEqual([]);
});

test("the module gives virtqemud the same rules, all of them under the boolean", () => {
  const policy = compile("both", TARGETED, MODULE);
  const rules = rulesOf("virtqemud_t", policy);
  expect(rules).toEqual(rulesOf("virtnetworkd_t", policy));
  expect(rules).toContain(
    "type_transition DAEMON virt_hook_t:process virt_hook_unconfined_t; [ virt_hooks_unconfined ]:True",
  );
  expect(rules.filter((rule) => !rule.endsWith("[ virt_hooks_unconfined ]:True"))).toEqual([]);
  expect(policy.contexts).toBe("/usr/s?bin/guestnet-hook\t--\tsystem_u:object_r:virt_hook_t:s0\n");
});

test("where the policy has none of these types, it adds nothing", () => {
  const other = join(folder, "other.cil");
  const text = readFileSync(TARGETED, "utf8");
  writeFileSync(other, text.replaceAll("virt_hook_t", "hook_t").replaceAll("virtqemud_t", "daemon_t"));
  const policy = compile("other-policy", other, MODULE);
  expect(policy.search("-A", "-s", "daemon_t")).toEqual([]);
  expect(policy.contexts).toBe("");
});
