import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { LiveDomain } from "../../src/guest/nic.ts";
import type { Host } from "../../src/kernel/host.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const dual = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] };
const guests: readonly (readonly [string, LiveDomain])[] = [
  ["a routed tap", domainOf(guest(dual))],
  ["two", domainOf(guest(dual, { type: "routed", addresses: ["192.0.2.2"], antispoof: false }))],
];

const isQuestion = (line: string): boolean => / (show|get) /.test(line);

/** Runs an operation that is killed (SIGKILL: nothing of it runs on) once it has made so many changes. */
const killedAfter = async (
  changes: number,
  operation: "prepare" | "release",
  domain: LiveDomain,
  kernel: FakeKernel,
): Promise<void> => {
  let left = changes;
  await new Promise<void>((died) => {
    const die = (): never => {
      left = 0;
      died();
      throw new Error("killed");
    };
    const writing =
      (write: Host["writeSysfs"]): Host["writeSysfs"] =>
      (name, value) => {
        if (left === 0) die();
        left -= 1;
        write(name, value);
      };
    const host: Host = {
      readSysctl: kernel.readSysctl,
      readFile: kernel.readFile,
      exists: kernel.exists,
      writeSysctl: writing(kernel.writeSysctl),
      writeSysfs: writing(kernel.writeSysfs),
      run: async (file, args, stdin = "") => {
        const lines = stdin.split("\n").filter((line) => line !== "");
        const writes = lines.filter((line) => !isQuestion(line)).length;
        if (writes <= left) {
          left -= writes;
          return kernel.run(file, args, stdin);
        }
        // Changes come before questions.
        if (left > 0) await kernel.run(file, args, lines.slice(0, left).join("\n"));
        left = 0;
        died();
        return new Promise(() => undefined);
      },
    };
    void handle(operation, domain, host).then(() => {
      died();
    });
  });
};

const prepared = async (domain: LiveDomain): Promise<FakeKernel> => {
  const kernel = hostWith();
  expect((await handle("prepare", domain, kernel)).wrong).toEqual([]);
  return kernel;
};

describe.each(guests)("the hook of a guest with %s, killed", (_, domain) => {
  const each = async (
    from: () => Promise<FakeKernel>,
    operation: "prepare" | "release",
    then: (kernel: FakeKernel, changes: number) => Promise<void>,
  ): Promise<number> => {
    const whole = await from();
    whole.log.length = 0;
    await handle(operation, domain, whole);
    for (let changes = 0; changes < whole.log.length; changes += 1) {
      const kernel = await from();
      kernel.log.length = 0;
      await killedAfter(changes, operation, domain, kernel);
      expect({ changes, made: kernel.log }).toEqual({ changes, made: whole.log.slice(0, changes) });
      await then(kernel, changes);
    }
    return whole.log.length;
  };
  const fresh = () => Promise.resolve(hostWith());

  test("during prepare at any step: the next prepare ends as if it had never been", async () => {
    const wanted = stateOf(await prepared(domain));
    const steps = await each(fresh, "prepare", async (kernel, changes) => {
      const { wrong } = await handle("prepare", domain, kernel);
      expect({ changes, wrong, state: stateOf(kernel) }).toEqual({ changes, wrong: [], state: wanted });
    });
    expect(steps).toBeGreaterThan(14);
  });

  test("during prepare at any step: release leaves nothing", async () => {
    const before = stateOf(hostWith());
    await each(fresh, "prepare", async (kernel, changes) => {
      const { wrong } = await handle("release", domain, kernel);
      expect({ changes, wrong, state: stateOf(kernel) }).toEqual({ changes, wrong: [], state: before });
    });
  });

  test("during release at any step: the next prepare, and the next release, are whole", async () => {
    const [before, wanted] = [stateOf(hostWith()), stateOf(await prepared(domain))];
    await each(
      () => prepared(domain),
      "release",
      async (kernel, changes) => {
        expect({ changes, ...(await handle("prepare", domain, kernel)) }).toMatchObject({
          changes,
          wrong: [],
        });
        expect(stateOf(kernel)).toBe(wanted);
        expect((await handle("release", domain, kernel)).wrong).toEqual([]);
        expect(stateOf(kernel)).toBe(before);
      },
    );
  });
});

test("a device of another kind, or with an alias, under the name of a tap being made is left alone", async () => {
  const domain = domainOf(guest(dual));
  const draft = `mk_${domain.nics[0]?.mac.replaceAll(":", "") ?? ""}`;
  const kernel = hostWith();
  await kernel.run(
    "ip",
    ["-batch", "-"],
    `tuntap add dev ${draft} mode tap\nlink set dev ${draft} alias mine`,
  );
  const before = stateOf(kernel);
  const { wrong } = await handle("prepare", domain, kernel);
  expect(wrong).toEqual([expect.stringMatching(/^adding tap t-0: .*File exists/)]);
  expect(stateOf(kernel)).toBe(before);
});
