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

const PROMOTE = "route add 192.0.2.1/32 dev t-0 proto 76 metric 1";
const SETTLE = "route del 192.0.2.1/32 dev t-0 proto 76 metric 1; echo $(id)";

let folder = "";
const path = (...parts: readonly string[]): string => join(folder, ...parts);
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.on("exit", resolve);
  });
const ran = (): string => (existsSync(path("ran")) ? readFileSync(path("ran"), "utf8") : "");
const until = async (holds: () => boolean): Promise<void> => {
  for (let round = 0; round < 1_200 && !holds(); round += 1) await sleep(50);
  expect(holds()).toBe(true);
};
/** Like a file of the kernel's it has the former value or the new one, and at no time none. */
const writeWhole = (name: string, value: number): void => {
  writeFileSync(path("new"), `${String(value)}\n`);
  renameSync(path("new"), path(name));
};
const tap = (frames: number, { index = 7, carrier = 1 } = {}): void => {
  mkdirSync(path("net/t-0/statistics"), { recursive: true });
  writeWhole("net/t-0/ifindex", index);
  writeWhole("net/t-0/statistics/rx_packets", frames);
  writeWhole("net/t-0/carrier", carrier);
};
const status = (reason: string): void => {
  writeFileSync(
    path("t.xml"),
    `<!--\n-->\n<domstatus state='running' reason='${reason}' pid='9'>\n</domstatus>\n`,
  );
};

/** Debian's /bin/sh, and the shell that can wait without a process for it. */
const SHELLS = ["/bin/sh", "/bin/bash"] as const;
const BRIEF = 50;
/** So long that a test ends before. */
const LONG = 100_000;

/**
 * The waiter, with an `ip` that writes down what it is told.
 *
 * @param settling hundredths of a second until it settles
 * @param left those that it waits for the first frame
 */
const leave = (shell: string, settling = BRIEF, left = 360_000): ChildProcess => {
  const text = readFileSync("dist/hooks/qemu", "utf8")
    .replace("/sys/class/net/${tap", `${path("net")}/\${tap`)
    .replace("left=360000", `left=${String(left)}`)
    .replace("left - 1000)", `left - ${String(settling)})`)
    .replace("/run/libvirt/qemu/", `${folder}/`);
  const changed = [
    path("net"),
    `left=${String(left)}`,
    `left - ${String(settling)})`,
    `${folder}/$guest.xml`,
  ];
  for (const part of changed) expect(text).toContain(part);
  writeFileSync(path("hook"), text);
  writeFileSync(path("ip"), `#!/bin/sh\n{ echo "ip $*:"; cat; } >>${path("ran")}\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const child = spawn(shell, [path("hook"), "t", "promote", path("marker"), PROMOTE, SETTLE, "t-0:7"], {
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

const PROMOTED = `ip -force -batch -:\n${PROMOTE}\n`;
const SETTLED = `${PROMOTED}ip -force -batch -:\n${SETTLE}\n`;

describe.each(SHELLS)("with %s", (shell) => {
  test("waits for the first frame, promotes at once, settles later, and clears its marker away", async () => {
    tap(0);
    const child = leave(shell);
    await sleep(400);
    expect(ran()).toBe("");
    tap(1);
    await until(() => ran().startsWith(PROMOTED));
    expect(await ended(child)).toBe(0);
    // What it is given is data, to ip and to the shell.
    expect(ran()).toBe(SETTLED);
    expect(readdirSync(folder).filter((name) => name.startsWith("marker"))).toEqual([]);
  });

  /** All its files at once: one that went before `ifindex` would say something else. */
  const gone = (): void => {
    renameSync(path("net/t-0"), path("gone"));
  };
  const another = (): void => {
    tap(5, { index: 8 });
  };

  test.each([
    ["is gone", gone],
    ["is another one of the same name", another],
  ])("ends without a word when the tap %s", async (_, change) => {
    tap(0);
    const child = leave(shell);
    change();
    expect(await ended(child)).toBe(0);
    expect(ran()).toBe("");
    expect(existsSync(path("marker"))).toBe(false);
  });

  test.each([
    ["is gone", gone],
    ["is another one of the same name, of the guest's next move", another],
  ])("having promoted, it settles nothing when the tap %s", async (_, change) => {
    tap(1);
    const child = leave(shell, LONG);
    await until(() => ran() === PROMOTED);
    change();
    expect(await ended(child)).toBe(0);
    expect(ran()).toBe(PROMOTED);
  });

  test("settles at once when the guest's QEMU lets go of the tap: the guest has moved on", async () => {
    tap(1);
    const child = leave(shell, LONG);
    await until(() => ran() === PROMOTED);
    tap(1, { carrier: 0 });
    expect(await ended(child)).toBe(0);
    expect(ran()).toBe(SETTLED);
  });

  test("leaves the marker of the guest's next move alone", async () => {
    tap(0);
    const child = leave(shell);
    writeFileSync(path("marker"), "migrate 1000\n");
    gone();
    await ended(child);
    expect(readFileSync(path("marker"), "utf8")).toBe("migrate 1000\n");
  });

  test("does not wait for ever, and leaves the marker: the routes are still a stand-by", async () => {
    tap(0);
    expect(await ended(leave(shell, BRIEF, 20))).toBe(0);
    expect(ran()).toBe("");
    expect(existsSync(path("marker"))).toBe(true);
  });

  test("while memory is still fetched from the other host, it does not settle", async () => {
    tap(1);
    status("post-copy");
    const child = leave(shell);
    await until(() => ran() === PROMOTED);
    await sleep(1_500);
    expect(ran()).toBe(PROMOTED);
    status("migrated");
    expect(await ended(child)).toBe(0);
    expect(ran()).toBe(SETTLED);
  });
});

test("a shell that can wait by itself starts no process for it", async () => {
  tap(0);
  writeFileSync(path("sleep"), `#!/bin/sh\necho "$*" >>${path("slept")}\nexec /bin/sleep "$@"\n`, {
    mode: 0o755,
  });
  const child = leave("/bin/bash");
  await sleep(400);
  tap(1);
  expect(await ended(child)).toBe(0);
  expect(ran()).toBe(SETTLED);
  expect(existsSync(path("slept"))).toBe(false);
});
