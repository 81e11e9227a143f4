import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describeOnEngines } from "../lab/describe-on-engines.ts";
import { type HookCopy, hookCopy } from "../support/hook-copy.ts";
import { guest, xmlOf } from "../support/profiles.ts";

// libvirt kills a running guest when its hook fails at `reconnect` (qemuProcessReconnect): whatever goes wrong, it ends
// with 0. What is said about it goes to stderr, which libvirt throws away then, and into the journal.

const asLibvirt = (xml: string): string => xml.replaceAll("'", "&apos;").replaceAll('"', "'");
const XML = asLibvirt(
  xmlOf(guest({ type: "bridge", bridge: "br0", vlan: 20 }, { type: "routed", addresses: ["2001:db8::1"] })),
);

/** What may be /bin/sh. */
const SHELLS = ["/usr/bin/dash", "/usr/bin/bash --posix", "/usr/bin/busybox sh"].filter((shell) =>
  existsSync(shell.split(" ")[0] ?? ""),
);
// An ordinary user's limit counts; root's does not (getrlimit(2), RLIMIT_NPROC).
const asNobody = process.getuid?.() === 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups"] : [];
const NO_FORK = [...asNobody, "/usr/bin/prlimit", "--nproc=1:1"];

describeOnEngines("reconnect", (engine) => {
  /** One that does not wait 12 s. */
  const impatient = (): HookCopy =>
    hookCopy(engine, (text) => text.replace("timeout -s KILL 12", "timeout -s KILL 0.3"));

  let hook: HookCopy;
  beforeEach(() => {
    hook = hookCopy(engine);
  });
  afterEach(() => {
    hook.remove();
  });

  // bash tries again for 15 s before it gives up.
  test.each(SHELLS.filter((shell) => !shell.includes("bash")))("a failed fork of %s", (shell) => {
    const before = [...NO_FORK, ...shell.split(" ")];
    const { status, stdout, stderr } = hook.call("reconnect", XML, before);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toMatch(/fork/);
    expect(hook.call("start", XML, before).status).not.toBe(0);
  });

  describe.each(SHELLS)("a signal to %s", (shell) => {
    test.each(["HUP", "INT", "PIPE", "TERM"])("SIG%s", (signal) => {
      hook.engine(`kill -${signal} $PPID; exit 1`);
      expect(hook.call("reconnect", XML, shell.split(" "))).toMatchObject({ status: 0, stdout: "" });
    });
  });

  test("with any memory limit that allows the shell to start, reconnect exits with 0", () => {
    const kilobytes = [2_400, 2_600, 2_800, 3_200, 4_000, 6_000, 10_000, 40_000, 100_000, 400_000, 600_000];
    hook.remove();
    hook = impatient();
    const limits = kilobytes.map((size) => ["/usr/bin/prlimit", `--as=${String(size * 1024)}`, "/bin/sh"]);
    // All of them are too little for Node, but not for QuickJS: a guest that starts is refused, or what it needs is made.
    expect(limits.filter((before) => hook.call("prepare", XML, before).status === 0)).toEqual([]);
    const enough = limits.filter((before) => hook.call("started", XML, before).status === 0);
    expect(enough.length).toBeGreaterThan(5);
    const ends = enough.map((before) => hook.call("reconnect", XML, before));
    expect(ends.map(({ status, stdout }) => ({ status, stdout }))).toEqual(
      enough.map(() => ({ status: 0, stdout: "" })),
    );
  });

  test("an engine that hangs before it reads its input is ended", () => {
    hook.remove();
    hook = impatient();
    hook.engine("exec /bin/sleep 60");
    const said = " was killed, or had not ended after 12 s\n";
    expect(hook.call("reconnect", XML)).toMatchObject({
      status: 0,
      stdout: "",
      stderr: expect.stringContaining(said),
    });
    expect(hook.call("start", XML)).toMatchObject({ status: 137, stderr: expect.stringContaining(said) });
  });

  test.each([
    ["is killed", "kill -9 $$", "was killed"],
    ["crashes", "kill -SEGV $$", "ended with status 139"],
    ["ends with another status", "exit 70", "ended with status 70"],
  ])("an engine that %s: the hook reports it, and the guest keeps running", (_, script, said) => {
    hook.engine(script);
    expect(hook.call("reconnect", XML)).toMatchObject({
      status: 0,
      stdout: "",
      stderr: expect.stringContaining(said),
    });
    const { status, stderr } = hook.call("start", XML);
    expect(status).not.toBe(0);
    expect(stderr).toContain("guestnet: guest t: start:");
  });

  describe("the hook reports the error, and the guest keeps running", () => {
    test.each([
      ["a syntax error in the XML", (xml: string) => xml.replace("</metadata>", "</metadat>")],
      ["XML that ends in the middle", (xml: string) => xml.slice(0, xml.indexOf("</devices>"))],
      ["invalid metadata", (xml: string) => xml.replace("vlan=&apos;20&apos;", "").replace("vlan='20'", "")],
    ])("%s", (_, spoil) => {
      const { status, stdout, stderr } = hook.call("reconnect", spoil(XML));
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
      expect(stderr).toMatch(/^guestnet: guest t keeps running: .+\n$/);
      expect(hook.journal()).toContain("guest t keeps running");
      expect(hook.call("prepare", spoil(XML)).status).toBe(1);
    });

    test("an unreadable setting of the kernel", () => {
      const routed = asLibvirt(xmlOf(guest({ type: "routed", addresses: ["2001:db8::1"] })));
      hook.tool("ip", "exit 1");
      hook.tool("nft", "exit 1");
      hook.setting("net/ipv4/conf/t-0/forwarding/within", ""); // a folder in its place
      for (const [operation, status] of [
        ["reconnect", 0],
        ["prepare", 1],
      ] as const) {
        const ran = hook.call(operation, routed);
        expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status, stdout: "" });
        expect(ran.stderr).toMatch(/t-0\/forwarding|EISDIR/);
      }
    });

    test.each([
      ["a missing ip", null, "cannot run ip: ENOENT"],
      ["an ip that is not executable", "no", "cannot run ip: EACCES"],
      ["an ip that fails", "echo broken >&2; exit 255", "0 answers to 4 questions: broken"],
      ["an ip that prints invalid JSON", "echo nonsense", "1 answers to 4 questions: nonsense"],
      ["an ip that is killed", "kill -9 $$", "0 answers to 4 questions"],
    ])("%s", (_, script, expected) => {
      const routed = asLibvirt(xmlOf(guest({ type: "routed", addresses: ["2001:db8::1"] })));
      hook.setting("net/ipv4/conf/t-0/forwarding", "1"); // so there is a t-0 to ask about
      hook.tool("nft", "exit 1");
      if (script !== null) hook.tool("ip", script);
      if (script === "no") chmodSync(join(hook.file, "..", "bin", "ip"), 0o644);
      const { status, stdout, stderr } = hook.call("reconnect", routed);
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
      expect(stderr).toMatch(/^guestnet: guest t keeps running: .+\n$/);
      expect(stderr).toContain(expected);
    });
  });
});
