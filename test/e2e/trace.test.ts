import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Machine } from "../lab/lab.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { openTracedLab, TRACE_NEEDS, type TracedLab } from "./stage/traced-host.ts";

interface Break {
  readonly name: string;
  readonly break: string;
  readonly undo: string;
  readonly guest: string;
  readonly destination: string;
  readonly options: readonly string[];
  readonly leg: string;
  readonly hop: string;
  readonly at: string | null;
  readonly end: string;
}

interface Traced {
  readonly result: string;
  readonly ends: {
    readonly leg: string;
    readonly hop: string;
    readonly at: string | null;
    readonly end: string;
  } | null;
  readonly hops: readonly { readonly ok: boolean | null }[];
}

const BREAKS = JSON.parse(readFileSync("fixtures/trace/breaks.json", "utf8")) as readonly Break[];

describeInLab("guestnet trace names the hop where a packet ends", TRACE_NEEDS, () => {
  let on: TracedLab;
  let host: Machine;
  let mac: string;

  const traced = async (...args: readonly string[]): Promise<Traced & { readonly code: number }> => {
    const { code, stdout, stderr } = await guestnetOn(host, "trace", ...args, "--json");
    if (stdout === "") throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Traced) };
  };
  const inHost = (script: string): Promise<string> => host.sh(`MAC=${mac}\n${script}`);

  beforeAll(async () => {
    on = await openTracedLab();
    ({ host } = on);
    mac = (await host.sh("virsh -q domiflist g11 | sed -n 's/^ *g11-0 .* //p'")).trim();
  });
  afterAll(async () => {
    await on.lab.close();
  });

  test.each([
    ...new Map(
      BREAKS.filter(({ guest }) => guest !== "g13").map((one) => [
        JSON.stringify([one.destination, one.options]),
        one,
      ]),
    ).values(),
  ])(
    "nothing ends from $guest to $destination $options while all is well",
    async ({ guest, destination, options }) => {
      const all = await traced(guest, destination, ...options);
      expect(all.hops.filter(({ ok }) => ok !== true)).toEqual([]);
      expect(all).toMatchObject({ code: 0, result: "passes", ends: null });
    },
  );

  test.each(BREAKS)("$name", async (one) => {
    await inHost(one.break);
    try {
      const { code, ends } = await traced(one.guest, one.destination, ...one.options);
      const { leg, hop, at, end } = one;
      expect({ code, ends }).toMatchObject({ code: 2, ends: { leg, hop, at, end } });
    } finally {
      await inHost(one.undo);
    }
  });
});
