import { expect } from "@jest/globals";
import type { Machine } from "../../lab/lab.ts";
import { guestnetOn } from "./guestnet.ts";
import { network } from "./host/network.ts";

interface ShownNic {
  readonly tap: string;
  readonly state: string;
  readonly reasons: readonly string[];
}

/** What of the host's network we make: neighbours come and go by themselves. */
export const settled = async (host: Machine): Promise<string> =>
  (await network(host)).replaceAll(/^\S+ dev \S+ (lladdr|FAILED|INCOMPLETE).*\n/gm, "");

/** What status says of each NIC that is not as it should be. */
export const shown = async (host: Machine): Promise<readonly ShownNic[]> => {
  const { stdout } = await guestnetOn(host, "status", "--json");
  const { guests } = JSON.parse(stdout) as {
    readonly guests: readonly { readonly nics: readonly ShownNic[] }[];
  };
  return guests.flatMap(({ nics }) => nics).filter(({ state }) => state !== "ok");
};

/** The commands of a plan, without their reasons. */
const commandsIn = (stdout: string): readonly string[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/\s+# .*$/, ""));

/** Something that is done to a guest's network by hand, what status says of it, and the commands that mend it. */
export interface Break {
  readonly what: string;
  readonly by: string;
  readonly tap: string;
  readonly says: RegExp;
  readonly plan: readonly (string | RegExp)[];
}

/**
 * Breaks it: status names it, plan shows exactly the mending commands and runs none, apply mends it and touches nothing else,
 * a second plan is empty.
 */
export const breakAndMend = async (host: Machine, { by, tap, says, plan }: Break): Promise<void> => {
  const right = await settled(host);
  await host.sh(by);
  const broken = await settled(host);
  const [nic, ...others] = await shown(host);
  expect(others).toEqual([]);
  expect(nic).toMatchObject({ tap, state: "drift" });
  expect(nic?.reasons.join("\n")).toMatch(says);

  const planned = await guestnetOn(host, "plan");
  expect(planned.code).toBe(2);
  expect(commandsIn(planned.stdout)).toEqual(
    plan.map((line) => (typeof line === "string" ? line : expect.stringMatching(line))),
  );
  expect(await settled(host)).toBe(broken);

  const applied = await guestnetOn(host, "apply", "--yes");
  expect({ code: applied.code, stderr: applied.stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^\d+ commands? run\n$/),
  });
  expect(await settled(host)).toBe(right);
  expect(await guestnetOn(host, "plan")).toEqual({ code: 0, stdout: "", stderr: "nothing to do\n" });
};
