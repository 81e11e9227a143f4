import { describe, expect, test } from "@jest/globals";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { SUITES } from "../fresh/bootstrap.ts";
import type { Release } from "./hosts.ts";
import { logsOf, systemOf } from "./system.ts";

/**
 * A `describe` for tests on whole hosts, for each release of Debian. Where a release's system has not been made, they fail and
 * say so. An ordinary user cannot make one: they are skipped with the reason on stderr, and with CI=true they fail.
 */
export function describeOnHosts(name: string, body: (release: Release) => void): void {
  const logs = logsOf(basename(expect.getState().testPath ?? name));
  describe.each(SUITES)(`${name}, on %s`, (suite) => {
    if (existsSync(systemOf(suite)) && process.getuid?.() === 0) body({ suite, logs: join(logs, suite) });
    else if (process.getuid?.() !== 0 && process.env["CI"] !== "true") {
      process.stderr.write(`SKIPPED, NOT TESTED: ${name}, on ${suite} (whole hosts need root)\n`);
      describe.skip("whole hosts need root", () => {
        body({ suite, logs });
      });
    } else
      test("its system is made", () => {
        throw new Error(`there is none: npx tsx test/hosts/setup.ts ${suite}`);
      });
  });
}
