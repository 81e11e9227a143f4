import { describe, expect, test } from "@jest/globals";
import { limit } from "../../src/run/limit.ts";
import { quoteWord, runOver } from "../../src/run/ssh.ts";
import type { Ran } from "../../src/kernel/host.ts";
import { runProgram } from "../support/run-program.ts";

const WAY = { kind: "ssh", host: "h2", user: "root", port: 2222, keyfile: null, verify: true } as const;
const over = (ran: Ran, seen: string[][] = []) =>
  runOver(WAY, "/run/x/s", 5000, (file, args) => {
    seen.push([file, ...args]);
    return Promise.resolve(ran);
  });
const GOOD: Ran = { code: 0, stdout: "", stderr: "" };

/** What people, kernels and attackers can put into a name. */
const HOSTILE = [
  "plain",
  "",
  " ",
  "two words",
  "it's",
  "''",
  "'; touch /tmp/evil; '",
  "$(touch /tmp/evil)",
  "`touch /tmp/evil`",
  "$HOME ${PATH}",
  "a\nb",
  "a\\",
  "\\'",
  "*",
  "~",
  "!!",
  "#x",
  "-n",
  '"',
  "ümläut",
  "&& false | true > /dev/null",
];

describe.each(["sh", "bash"])("a word that was quoted is the same word to %s", (shell) => {
  test.each(HOSTILE)("%j", (word) => {
    const line = ["printf", "%s\\0", word, "end"].map(quoteWord).join(" ");
    const { stdout, stderr } = runProgram(shell, ["-c", line]);
    expect({ stdout, stderr }).toEqual({ stdout: `${word}\0end\0`, stderr: "" });
  });
});

test("the program comes behind the host, and the host where no option can be", async () => {
  const seen: string[][] = [];
  await over(GOOD, seen)("ip", ["link", "show", "dev", "x; reboot"]);
  const [[...line] = []] = seen;
  expect(line.slice(0, 2)).toEqual(["ssh", "-T"]);
  expect(line).toEqual(expect.arrayContaining(["BatchMode=yes", "ConnectTimeout=5", "2222"]));
  const end = line.slice(line.indexOf("--"));
  expect(end.slice(0, 3)).toEqual(["--", "h2", "env"]);
  expect(end.slice(-5)).toEqual(["ip", "link", "show", "dev", "'x; reboot'"]);
});

test.each([
  [
    255,
    "Warning: old\nssh: connect to host h2 port 22: No route to host\n",
    /^cannot connect to h2: ssh: connect .* No route to host$/,
  ],
  [255, "", /without a message/],
  [127, "", /^cannot run ip on h2: it is not installed$/],
  [124, "", /^cannot connect to h2: no answer within 5 s$/],
])("status %d is told as what it is", async (code, stderr, why) => {
  await expect(over({ code, stdout: "", stderr })("ip", [])).rejects.toThrow(why);
});

test("what the program itself says and how it ends comes back", async () => {
  const ran = { code: 1, stdout: "out", stderr: "err" };
  expect(await over(ran)("ip", [])).toEqual(ran);
});

test("no more programs than allowed run at the same time, and all run", async () => {
  let [now, most] = [0, 0];
  const run = limit(3, async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
    if (most === 2) throw new Error("one that fails frees its place, too");
    return GOOD;
  });
  const wave = () => Promise.allSettled(Array.from({ length: 10 }, () => run("x", [])));
  // A second wave finds no more places than the first.
  const ended = [...(await wave()), ...(await wave())];
  expect([most, ended.length, now]).toEqual([3, 20, 0]);
});
