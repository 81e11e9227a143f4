import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { desiredBridgePort } from "../../src/kernel/desired/bridge-port.ts";
import { desiredRoutedNic } from "../../src/kernel/desired/routed-nic.ts";
import { combine } from "../../src/kernel/facts/desired.ts";
import { handle } from "../../src/hook/handle.ts";
import { hostState } from "../../src/kernel/facts/fact.ts";
import { isBridged, isRouted } from "../../src/guest/nic.ts";
import { observe, toAsked } from "../../src/kernel/observe/observe.ts";
import { diff } from "../../src/kernel/plan/diff.ts";
import { hostWith, start, stateOf, unplug } from "../support/life.ts";
import { domainOf } from "../support/profiles.ts";
import { onlyBridges, onlyRouted, rewrittenProfiles, writtenProfiles } from "../support/written-profiles.ts";

const RUNS = { numRuns: 40 };
const pvids = fc.constantFrom(0, 1, 2, 20, 4094);

test("from any default PVID a started guest is exactly what was desired", async () => {
  await fc.assert(
    fc.asyncProperty(writtenProfiles, pvids, async (written, pvid) => {
      const domain = domainOf(written);
      const kernel = hostWith(pvid);
      await start(domain, kernel);
      const desired = combine(
        domain.nics.flatMap((nic) =>
          isBridged(nic)
            ? [desiredBridgePort(nic)]
            : isRouted(nic)
              ? [desiredRoutedNic(nic, domain.uuid, "here")]
              : [],
        ),
      );
      const { facts } = await observe(desired.scope, toAsked(kernel));
      expect(diff(hostState(desired.facts), facts)).toEqual([]);
    }),
    RUNS,
  );
});

test("a reconnect right after a start changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(writtenProfiles, pvids, async (written, pvid) => {
      const domain = domainOf(written);
      const kernel = hostWith(pvid);
      await start(domain, kernel);
      kernel.log.length = 0;
      expect(await handle("reconnect", domain, kernel)).toEqual({ done: [], notes: [], wrong: [] });
      expect(kernel.log).toEqual([]);
    }),
    RUNS,
  );
});

test("a release leaves the host as it was before the guest", async () => {
  await fc.assert(
    fc.asyncProperty(writtenProfiles, pvids, async (written, pvid) => {
      const domain = domainOf(written);
      const kernel = hostWith(pvid);
      const before = stateOf(kernel);
      await start(domain, kernel);
      unplug(domain, kernel);
      expect((await handle("release", domain, kernel)).wrong).toEqual([]);
      expect(stateOf(kernel)).toBe(before);
    }),
    RUNS,
  );
});

test("a release after a release, or without a start, does nothing", async () => {
  await fc.assert(
    fc.asyncProperty(writtenProfiles, async (written) => {
      const kernel = hostWith();
      expect(await handle("release", domainOf(written), kernel)).toEqual({ done: [], notes: [], wrong: [] });
    }),
    { numRuns: 30 },
  );
});

test("a port that gets other metadata ends where it would have started with it", async () => {
  await fc.assert(
    fc.asyncProperty(rewrittenProfiles(onlyBridges), pvids, async ([a, b], pvid) => {
      const [walked, direct] = [hostWith(pvid), hostWith(pvid)];
      await start(domainOf(a), walked);
      expect((await handle("reconnect", domainOf(b), walked)).wrong).toEqual([]);
      await start(domainOf(b), direct);
      expect(stateOf(walked)).toBe(stateOf(direct));
    }),
    RUNS,
  );
});

// A setting of a family that is switched off is left as it was, so only what is looked at can be compared here.
test("a routed tap that gets other metadata becomes what that says, and stays so", async () => {
  await fc.assert(
    fc.asyncProperty(rewrittenProfiles(onlyRouted), async ([a, b]) => {
      const kernel = hostWith();
      await start(domainOf(a), kernel);
      expect((await handle("reconnect", domainOf(b), kernel)).wrong).toEqual([]);
      expect(await handle("reconnect", domainOf(b), kernel)).toEqual({ done: [], notes: [], wrong: [] });
    }),
    RUNS,
  );
});
