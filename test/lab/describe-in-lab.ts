import { describe, test } from "@jest/globals";
import type { Ability } from "./abilities.ts";
import { detect } from "./detect.ts";

/**
 * A `describe` for tests that open a lab with these abilities. Where none can run they are skipped, with the
 * reason; with CI=true that is a failure, so that it never goes unseen.
 */
export function describeInLab(name: string, needs: readonly Ability[], body: () => void): void {
  const found = detect(needs);
  if ("mode" in found) {
    describe(name, body);
    return;
  }
  if (process.env["CI"] === "true") {
    describe(name, () => {
      test("a lab can run here", () => {
        throw new Error(found.why);
      });
    });
    return;
  }
  process.stderr.write(`SKIPPED, NOT TESTED: ${name} (${found.why})\n`);
  describe.skip(`${name} (no lab: ${found.why})`, body);
}
