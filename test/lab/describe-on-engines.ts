import { describe, test } from "@jest/globals";
import { quickJs } from "./quickjs.ts";

/** A JavaScript engine that runs the hook. */
export interface HookEngine {
  readonly name: "Node.js" | "QuickJS";
  readonly path: string;
}

/**
 * A `describe` for tests of the hook, once for each engine. Where there is no QuickJS its tests are skipped, and say so; with CI=true
 * that is a failure, so that it never goes unseen.
 */
export function describeOnEngines(name: string, body: (engine: HookEngine) => void): void {
  const path = quickJs();
  describe(`${name}, on Node.js`, () => {
    body({ name: "Node.js", path: process.execPath });
  });
  const onQuickJs = `${name}, on QuickJS`;
  if (path !== null) {
    describe(onQuickJs, () => {
      body({ name: "QuickJS", path });
    });
    return;
  }
  if (process.env["CI"] === "true") {
    describe(onQuickJs, () => {
      test("there is one", () => {
        throw new Error("no qjs: npx tsx test/lab/setup.ts");
      });
    });
    return;
  }
  process.stderr.write(`SKIPPED, NOT TESTED: ${onQuickJs} (no qjs: npx tsx test/lab/setup.ts)\n`);
  describe.skip(`${onQuickJs} (no qjs)`, () => {
    body({ name: "QuickJS", path: "/usr/bin/qjs" });
  });
}
