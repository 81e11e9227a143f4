import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// What each of them is to do; the last would be a command, if any shell ran it.
const [ANNOUNCE, WITHDRAW, ASK] = ["announce", "withdraw; echo $(id)", "ask"];

let folder = "";
const path = (...parts: readonly string[]): string => join(folder, ...parts);
const state = (): string => (existsSync(path("state/t-0")) ? readFileSync(path("state/t-0"), "utf8") : "");
/** What `ip` was given, but for questions. */
const ran = (): readonly string[] =>
  existsSync(path("ran"))
    ? readFileSync(path("ran"), "utf8")
        .split("\n")
        .filter((line) => !["", ASK].includes(line))
    : [];
const questions = (): number =>
  readFileSync(path("ran"), "utf8")
    .split("\n")
    .filter((line) => line === ASK).length;
const until = async (holds: () => boolean): Promise<void> => {
  for (let round = 0; round < 600 && !holds(); round += 1) await sleep(50);
  expect(holds()).toBe(true);
};
/** Who reads it meanwhile finds the former text or the new one. */
const writeWhole = (name: string, text: string): void => {
  writeFileSync(path("new"), text);
  renameSync(path("new"), path(name));
};
const tap = (index: number): void => {
  mkdirSync(path("net/t-0"), { recursive: true });
  writeWhole("net/t-0/ifindex", `${String(index)}\n`);
};
const answer = (text: string): void => {
  writeWhole("answer", text);
};

/** Starts the process, with an `ip` that writes down what it is given, and answers questions with the file `answer`. */
const leave = (shell: string, first: "yes" | "no", marker = ""): ChildProcess => {
  const text = readFileSync("dist/hooks/qemu", "utf8").replace(
    "/sys/class/net/$tap/ifindex",
    path("net/$tap/ifindex"),
  );
  expect(text).toContain(path("net/$tap/ifindex"));
  writeFileSync(path("hook"), text);
  const ip = `#!/bin/sh\nread -r line\necho "$line" >>${path("ran")}\n[ "$line" != ask ] || cat ${path("answer")}\n`;
  writeFileSync(path("ip"), ip, { mode: 0o755 });
  const words = [first, marker, ANNOUNCE, WITHDRAW, ASK];
  return spawn(shell, [path("hook"), "t", "watch", path("state/t-0"), ...words, "t-0:7"], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    stdio: "ignore",
  });
};
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode === null) child.on("exit", resolve);
    else resolve(child.exitCode);
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-watch-"));
  tap(7);
  answer("");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.each(["/bin/sh", "/bin/bash"])("with %s", (shell) => {
  test("withdraws first, announces after answers, withdraws after silence, and ends with the tap", async () => {
    const child = leave(shell, "no");
    await until(() => state() === `7 ${String(child.pid)} no\n`);
    expect(ran()).toEqual([WITHDRAW]);
    answer("192.0.2.1 dev t-0 REACHABLE\n");
    await until(() => state() === `7 ${String(child.pid)} yes\n`);
    expect(ran()).toEqual([WITHDRAW, ANNOUNCE]);
    answer("");
    await until(() => state() === `7 ${String(child.pid)} no\n`);
    expect(ran()).toEqual([WITHDRAW, ANNOUNCE, WITHDRAW]);
    rmSync(path("net/t-0"), { recursive: true });
    expect(await ended(child)).toBe(0);
    expect(readdirSync(path("state"))).toEqual([]);
  });

  test("does not ask while the guest is on its way here, and ends when the tap is another one", async () => {
    writeFileSync(path("marker"), "waiter 1\n");
    const child = leave(shell, "yes", path("marker"));
    await until(() => state() === `7 ${String(child.pid)} yes\n`);
    await sleep(1_200);
    expect(existsSync(path("ran"))).toBe(false);
    rmSync(path("marker"));
    await until(() => ran().length > 0);
    expect([ran(), questions()]).toEqual([[WITHDRAW], 2]);
    tap(8);
    expect(await ended(child)).toBe(0);
    expect(ran()).toEqual([WITHDRAW]);
  });
});

test("one question without an answer changes nothing", async () => {
  const child = leave("/bin/bash", "yes");
  // Every second question has an answer.
  const ip = `#!/bin/sh\nread -r line\necho "$line" >>${path("ran")}\n[ $(($(wc -l <${path("ran")}) % 2)) = 0 ] || echo answer\n`;
  writeFileSync(path("ip"), ip, { mode: 0o755 });
  await until(() => existsSync(path("ran")) && questions() >= 5);
  expect(ran()).toEqual([]);
  rmSync(path("net/t-0"), { recursive: true });
  expect(await ended(child)).toBe(0);
});
