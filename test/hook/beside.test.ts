// The shell beside Node, which runs its programs: the `run_for_node` of hooks/head.sh and src/run/run-by-head.ts.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type HookCopy, hookCopy } from "../support/hook-copy.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const routed = xmlOf(guest({ type: "routed", addresses: ["2001:db8::1"] }))
  .replaceAll("'", "&apos;")
  .replaceAll('"', "'");

let hook: HookCopy;
const open = (change?: (text: string) => string): void => {
  hook = hookCopy(change);
  hook.tool("nft", `echo "$*" >>${hook.folder}/nft; echo '{"nftables":[]}'`);
};
beforeEach(() => {
  open();
});
afterEach(() => {
  hook.remove();
});

/** An ip whose every question finds nothing, and which makes nothing. @param first what it does before */
const ip = (first: string): void => {
  hook.tool(
    "ip",
    `${first}
batch=$(/usr/bin/cat)
echo "$batch" >>${hook.folder}/asked
case $batch in *tuntap*) echo "no tap today" >&2; echo "Command failed -:1" >&2; exit 1 ;; esac
echo "[]"`,
  );
};
const said = (file: string): string => readFileSync(`${hook.folder}/${file}`, "utf8");

/** Processes that were started from the copy. */
const left = (): readonly string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(hook.folder) ? [command] : [];
      } catch {
        return [];
      }
    });
const nobodyLeft = async (): Promise<void> => {
  for (let tries = 0; tries < 3_000 && left().length > 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(left()).toEqual([]);
};

test.each([
  ["the system's", []],
  ["bash", ["/bin/bash", "--posix"]],
])("in %s shell it runs what Node needs, ends with Node, and leaves nothing behind", async (_, before) => {
  ip(`read -r parent <"/proc/$PPID/comm"; echo "$parent" >>${hook.folder}/parents`);
  const { status, stdout, stderr } = hook.call("prepare", routed, before);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("no tap today");
  expect(new Set(said("parents").trim().split("\n"))).toEqual(new Set([before.length > 0 ? "bash" : "qemu"]));
  expect(readdirSync(`${hook.folder}/run/runs`)).toEqual([]);
  await nobodyLeft();
});

test("is not there where here-documents are files (bash before 5.1), and then Node runs its programs itself", async () => {
  hook.remove();
  open((text) => text.replace("[ -p /proc/self/fd/3 ]", "false"));
  ip(`read -r parent <"/proc/$PPID/comm"; echo "$parent" >>${hook.folder}/parents`);
  expect(hook.call("prepare", routed).stderr).toContain("no tap today");
  expect(new Set(said("parents").trim().split("\n"))).toEqual(new Set(["node"]));
  await nobodyLeft();
});

test("asks nft for the table while Node starts, once", () => {
  ip("");
  hook.call("prepare", routed);
  const asked = said("nft").split("\n");
  expect(asked.filter((words) => words.includes("list table inet guestnet"))).toHaveLength(1);
});

test("ends with the call, too, when Node does not want what was asked ahead, and waits for that", async () => {
  ip("");
  hook.tool("nft", "exec /bin/sleep 2");
  expect(hook.call("prepare", routed.replace("2001:db8::1", "nonsense")).status).toBe(1);
  expect(existsSync(`${hook.folder}/asked`)).toBe(false);
  await nobodyLeft();
});

test("when it is killed the guest does not start, and Node clears away itself", async () => {
  hook.setting("net/ipv4/conf/t-0/forwarding", "1");
  ip(`[ -e ${hook.folder}/asked ] || { echo once >${hook.folder}/asked; kill -9 $PPID; }`);
  const { status, stdout, stderr } = hook.call("prepare", routed);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("the shell that ran ip is gone");
  await nobodyLeft();
});

test("when Node is killed it ends, and so does the call", async () => {
  ip(`read -r node <${hook.folder}/node.pid; kill -9 "$node"`);
  hook.node(`echo $$ >${hook.folder}/node.pid; exec ${process.execPath} "$@"`);
  const { status, stderr } = hook.call("prepare", routed);
  expect(status).toBe(137);
  expect(stderr).toMatch(/node was killed, or had not ended after 12 s\n$/);
  await nobodyLeft();
});

test("carries more than a pipe holds, and bytes that are no characters by themselves", () => {
  ip("");
  hook.tool("nft", `/usr/bin/head -c 1000000 /dev/zero | /usr/bin/tr '\\0' ' '; echo '{"nftables":[]}'`);
  hook.tool("ip", `/usr/bin/head -c 100000 /dev/zero | /usr/bin/tr '\\0' 'x' >&2; echo 'ä€😀' >&2; exit 1`);
  const { status, stderr } = hook.call("prepare", routed);
  expect(status).toBe(1);
  expect(stderr).toContain("xä€😀");
  expect(stderr.length).toBeGreaterThan(100_000);
});

test("Node is started with -e where a package.json in the root would count for the pipe that it reads else", () => {
  ip("");
  hook.node(`echo "$1" >>${hook.folder}/options; exec ${process.execPath} "$@"`);
  hook.call("prepare", routed);
  writeFileSync(`${hook.folder}/package.json`, '{ "type": "module" }');
  expect(hook.call("prepare", routed).stderr).toContain("no tap today");
  expect(said("options")).toBe("--no-rehash-snapshot\n-e\n");
});

test("a program that is not there is named as Node names it", () => {
  expect(hook.call("prepare", routed).stderr).toContain("cannot run ip: spawn ip ENOENT");
});
