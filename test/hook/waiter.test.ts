import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PROMOTE = "route add 192.0.2.1/32 dev t-0 proto 76 metric 1\n";
const SETTLE = "route del 192.0.2.1/32 dev t-0 proto 76 metric 1; echo $(id)\n";

let folder = "";
const path = (...parts: readonly string[]): string => join(folder, ...parts);
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.on("exit", resolve);
  });
const ran = (): string => (existsSync(path("ran")) ? readFileSync(path("ran"), "utf8") : "");
const until = async (holds: () => boolean): Promise<void> => {
  for (let round = 0; round < 100 && !holds(); round += 1) await sleep(50);
  expect(holds()).toBe(true);
};
const tap = (frames: number, index = 7): void => {
  mkdirSync(path("net/t-0/statistics"), { recursive: true });
  writeFileSync(path("net/t-0/ifindex"), `${String(index)}\n`);
  writeFileSync(path("net/t-0/statistics/rx_packets"), `${String(frames)}\n`);
};
const status = (reason: string): void => {
  writeFileSync(
    path("t.xml"),
    `<!--\n-->\n<domstatus state='running' reason='${reason}' pid='9'>\n</domstatus>\n`,
  );
};

/** The waiter with a second where it has ten, and an `ip` that writes down what it is told. */
const leave = (left = 72_000): ChildProcess => {
  const text = readFileSync("dist/hooks/qemu", "utf8")
    .replace("/sys/class/net/${tap", `${path("net")}/\${tap`)
    .replace("left=72000", `left=${String(left)}`)
    .replace("sleep 10\n", "sleep 0.5\n")
    .replace("/run/libvirt/qemu/", `${folder}/`);
  for (const part of [path("net"), "sleep 0.5", `${folder}/$guest.xml`]) expect(text).toContain(part);
  writeFileSync(path("hook"), text);
  writeFileSync(path("ip"), `#!/bin/sh\n{ echo "ip $*:"; cat; } >>${path("ran")}\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const child = spawn("/bin/sh", [path("hook"), "t", "promote", path("marker"), PROMOTE, SETTLE, "t-0:7"], {
    env,
    stdio: "ignore",
  });
  writeFileSync(path("marker"), `waiter ${String(child.pid)}\n`);
  return child;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-waiter-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("waits for the first frame, promotes at once, settles later, and clears its marker away", async () => {
  tap(0);
  const child = leave();
  await sleep(400);
  expect(ran()).toBe("");
  tap(1);
  await until(() => ran().endsWith(PROMOTE));
  expect(ran()).toBe(`ip -force -batch -:\n${PROMOTE}`);
  expect(await ended(child)).toBe(0);
  // What it is given is data, to ip and to the shell.
  expect(ran()).toBe(`ip -force -batch -:\n${PROMOTE}ip -force -batch -:\n${SETTLE}`);
  expect(existsSync(path("marker"))).toBe(false);
});

test.each([
  [
    "is gone",
    () => {
      rmSync(path("net/t-0"), { recursive: true });
    },
  ],
  [
    "is another one of the same name",
    () => {
      tap(5, 8);
    },
  ],
])("ends without a word when the tap %s", async (_, change) => {
  tap(0);
  const child = leave();
  change();
  expect(await ended(child)).toBe(0);
  expect(ran()).toBe("");
  expect(existsSync(path("marker"))).toBe(false);
});

test("leaves the marker of the guest's next move alone", async () => {
  tap(0);
  const child = leave();
  writeFileSync(path("marker"), "migrate 1000\n");
  rmSync(path("net/t-0"), { recursive: true });
  await ended(child);
  expect(readFileSync(path("marker"), "utf8")).toBe("migrate 1000\n");
});

test("does not wait for ever, and leaves the marker: the routes are still a stand-by", async () => {
  tap(0);
  expect(await ended(leave(5))).toBe(0);
  expect(ran()).toBe("");
  expect(existsSync(path("marker"))).toBe(true);
});

test("while memory is still fetched from the other host, it does not settle", async () => {
  tap(1);
  status("post-copy");
  const child = leave();
  await sleep(2_000);
  expect(ran()).not.toContain(SETTLE);
  status("migrated");
  expect(await ended(child)).toBe(0);
  expect(ran()).toContain(SETTLE);
});
