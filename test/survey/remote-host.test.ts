import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Run } from "../../src/kernel/host.ts";
import { lookAtRemote, readFilesBy } from "../../src/survey/remote-host.ts";
import { shareAnswers } from "../../src/survey/shared-answers.ts";
import { survey, toDomains } from "../../src/survey/survey.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { inFolder } from "../support/guestnet.ts";
import { hostWith, start } from "../support/life.ts";
import { domainOf, guestOn, guest, xmlOf } from "../support/profiles.ts";
import { runProgram } from "../support/run-program.ts";

/** Another host with this kernel: its files are read by a program there. */
const remote = (kernel: FakeKernel, reads: string[][] = []): Run => {
  const read = (name: string): string | null =>
    name.startsWith("/proc/sys/")
      ? kernel.readSysctl(name.slice("/proc/sys/".length))
      : kernel.readFile(name);
  return async (file, args, stdin = "") => {
    if (file !== "grep") return kernel.run(file, args, stdin);
    const names = args.slice(3);
    reads.push(names);
    const lines = names.flatMap((name) => (read(name) ?? "").split("\n").map((line) => `${name}:${line}\n`));
    const there = lines.filter((_, at) => read(names[at] ?? "") !== null);
    return Promise.resolve({ code: 123, stdout: there.join(""), stderr: "" });
  };
};

const written = guest(
  { type: "bridge", bridge: "br0", vlan: 20 },
  { type: "bridge", bridge: "br1", trunk: [30], native: 10 },
  { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], vrf: "red" },
);

const OK = ["ok", "ok", "ok"];
const breaks: readonly [string, (kernel: FakeKernel) => void, readonly string[]][] = [
  ["as it should be", () => undefined, OK],
  [
    "with a port out of its VLAN",
    (kernel) => kernel.devices.get("t-0")?.vlans.clear(),
    ["drift", "ok", "ok"],
  ],
  ["with a tap that is gone", (kernel) => void kernel.devices.delete("t-2"), ["ok", "ok", "drift"]],
  [
    "that does not forward",
    (kernel) => void kernel.sysctls.set("net/ipv4/ip_forward", "0"),
    ["ok", "ok", "blocked"],
  ],
];

test.each(breaks)("another host %s looks the same as if it were this one", async (_, breakIt, expected) => {
  const kernel = hostWith();
  await start(domainOf(written), kernel);
  breakIt(kernel);
  const domains = toDomains([xmlOf(written)]);
  const reads: string[][] = [];
  const there = await lookAtRemote(remote(kernel, reads), (host) => survey(domains, host));
  const states = there.guests.flatMap((one) =>
    one.kind === "read" ? one.nics.map(({ state }) => state.kind) : [],
  );
  expect(states).toEqual(expected);
  expect(there).toEqual(await survey(domains, shareAnswers(kernel)));
  expect(reads.length).toBeLessThanOrEqual(4);
  expect(new Set(reads.flat()).size).toBe(reads.flat().length);
});

test("uplinks are asked for, too, though one has to see the ports before one knows of their files", async () => {
  const host = { bridges: { br0: { uplinks: ["eth0"], uplinkVlans: "follow-guests" } } };
  const domain = guestOn(host, guest({ type: "bridge", bridge: "br0", vlan: 20 }));
  const kernel = hostWith();
  kernel.enslave("eth0", "br0");
  await start(domain, kernel);
  const domains = [{ kind: "read", name: "t", domain } as const];
  const there = await lookAtRemote(remote(kernel), (one) => survey(domains, one));
  expect(there).toEqual(await survey(domains, shareAnswers(kernel)));
});

test("nothing can be written while looking", async () => {
  const look = lookAtRemote(remote(hostWith()), (host) => {
    host.writeSysctl("net/ipv4/ip_forward", "0");
    return Promise.resolve();
  });
  await expect(look).rejects.toThrow(/while looking/);
});

test("files come as they are: of several lines, with colons, missing, and called strangely", async () => {
  await inFolder(async (folder) => {
    const files = {
      plain: "1\n",
      lines: "a: b\n\nc:d\n",
      "a b'$(x)": "odd\n",
      "-n": "dash\n",
      cmdline: "sh\0-c\0a\nb\0",
    };
    mkdirSync(join(folder, "folder"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const run: Run = (file, args, stdin) => {
      const { status, stdout, stderr } = runProgram(file, args, { input: stdin ?? "" });
      return Promise.resolve({ code: status ?? 1, stdout, stderr });
    };
    const names = [...Object.keys(files), "missing", "folder"].map((name) => join(folder, name));
    const read = await readFilesBy(run)(names);
    expect([...read]).toEqual(
      Object.entries(files).map(([name, text]) => [join(folder, name), text.replace(/\n$/, "")]),
    );
  });
});

test("thousands of files are read by few programs, and none by no program", async () => {
  const asked: number[] = [];
  const run: Run = (file, args) => {
    const names = args.slice(3);
    asked.push(names.length);
    return Promise.resolve({
      code: 0,
      stdout: names.map((name) => `${name}:${file}\n`).join(""),
      stderr: "",
    });
  };
  const names = Array.from({ length: 4001 }, (_, at) => `/proc/sys/net/ipv4/conf/t-${String(at)}/forwarding`);
  const read = await readFilesBy(run)(names);
  expect([...read.keys()]).toEqual(names);
  expect(asked).toEqual([2000, 2000, 1]);
  expect([...(await readFilesBy(run)([]))]).toEqual([]);
  expect(asked).toHaveLength(3);
});
