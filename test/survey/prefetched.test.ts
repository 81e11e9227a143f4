import { expect, test } from "@jest/globals";
import type { Program, Run } from "../../src/kernel/host.ts";
import { type AskedHost, toAsked } from "../../src/kernel/observe/observe.ts";
import { askCommon, SURVEY_PROGRAMS } from "../../src/survey/prefetched.ts";
import { shareAnswers } from "../../src/survey/shared-answers.ts";
import { survey, toDomains } from "../../src/survey/survey.ts";
import { readTraffic } from "../../src/survey/traffic.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, start } from "../support/life.ts";
import { domainOf, guest, xmlOf } from "../support/profiles.ts";

const lineOf = ({ file, args, stdin }: Program): string => JSON.stringify([file, args, stdin]);

test("the survey of usual guests runs no other programs than those that are known ahead", async () => {
  const written = guest(
    { type: "bridge", bridge: "br0", vlan: 20, addresses: ["10.0.20.5/24"] },
    { type: "bridge", bridge: "br1", trunk: [30], native: 10 },
    { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], vrf: "red" },
  );
  const kernel = hostWith();
  await start(domainOf(written), kernel);
  const ran = new Set<string>();
  const run: Run = (file, args, stdin = "") => {
    ran.add(lineOf({ file, args, stdin }));
    return file === "nft" || args.includes("-batch")
      ? kernel.run(file, args, stdin)
      : Promise.resolve({ code: 0, stdout: "[]", stderr: "" });
  };
  const host = shareAnswers(Object.assign(Object.create(kernel) as FakeKernel, { run }));
  await askCommon(host);
  await Promise.all([survey(toDomains([xmlOf(written)]), host), readTraffic(run)]);
  expect([...ran].sort()).toEqual(SURVEY_PROGRAMS.map(lineOf).sort());
});

test("questions that cannot be asked together are left to the survey", async () => {
  const kernel = hostWith();
  let asked = 0;
  const inner = toAsked(kernel);
  const host: AskedHost = {
    ...inner,
    ask: (tool, questions) => {
      asked += 1;
      return tool === "bridge" ? Promise.reject(new Error("half an answer")) : inner.ask(tool, questions);
    },
  };
  await expect(askCommon(host)).resolves.toBeUndefined();
  expect(asked).toBe(2);
});
