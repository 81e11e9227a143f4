import { describe, test } from "@jest/globals";
import type { Ability } from "./abilities.ts";
import { describeInLab } from "./describe-in-lab.ts";
import { type HookEngine, NODE } from "./engines.ts";
import { quickJs } from "./quickjs.ts";

/** A `describe` for tests of the hook, once for each engine. Where there is no QuickJS its tests are skipped, and say so. */
export function describeOnEngines(name: string, body: (engine: HookEngine) => void): void {
  const path = quickJs();
  describe(`${name}, on Node.js`, () => {
    body(NODE);
  });
  const onQuickJs = `${name}, on QuickJS`;
  if (path !== null) {
    describe(onQuickJs, () => {
      body({ name: "QuickJS", path });
    });
    return;
  }
  process.stderr.write(`SKIPPED, NOT TESTED: ${onQuickJs} (no qjs: npx tsx test/lab/setup.ts)\n`);
  describe.skip(`${onQuickJs} (no qjs)`, () => {
    body({ name: "QuickJS", path: "/usr/bin/qjs" });
  });
}

/**
 * The same for tests that open a lab with these abilities. The lab's setup brings QuickJS: with CI=true its absence is a failure, so
 * that it never goes unseen.
 */
export function describeInLabOnEngines(
  name: string,
  needs: readonly Ability[],
  body: (engine: HookEngine) => void,
): void {
  if (process.env["CI"] === "true" && quickJs() === null) {
    test("the lab has QuickJS", () => {
      throw new Error("no qjs: npx tsx test/lab/setup.ts");
    });
  }
  describeOnEngines(name, (engine) => {
    describeInLab(name, needs, () => {
      body(engine);
    });
  });
}
