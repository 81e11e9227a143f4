import { describe, test } from "@jest/globals";
import type { Ability } from "./abilities.ts";
import { detect } from "./detect.ts";
import { isOfLibvirt, type LibvirtAbility, tooOld } from "./libvirt-version.ts";

type Need = Ability | LibvirtAbility;

const isOfLab = (need: Need): need is Ability => !isOfLibvirt(need);

/** Registers the tests as skipped, each of them counted, and says why. */
function skip(name: string, why: string, body: () => void): void {
  process.stderr.write(`SKIPPED, NOT TESTED: ${name} (${why})\n`);
  describe.skip(`${name} (${why})`, body);
}

/**
 * A `describe` for tests that open a lab with these abilities. Where none can run they are skipped, with the
 * reason; with CI=true that is a failure, so that it never goes unseen. A libvirt that is older than an ability is no
 * fault of the machine: there they are skipped everywhere.
 */
export function describeInLab(name: string, needs: readonly Need[], body: () => void): void {
  const found = detect(needs.filter(isOfLab));
  if ("mode" in found) {
    const old = tooOld(needs.filter(isOfLibvirt));
    if (old === undefined) describe(name, body);
    else skip(name, old, body);
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
  skip(name, `no lab: ${found.why}`, body);
}
