import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "./describe-in-lab.ts";
import { openLab, type Ability, type Lab, type Machine } from "./lab.ts";
import { programsFolder } from "./programs.ts";

describeInLab("a lab on this machine's kernel or in UML", ["libvirt"], () => {
  checks(["libvirt"]);
});

describeInLab("a lab with VLAN-filtering bridges", ["vlan-filtering", "8021q"], () => {
  const { b } = checks(["vlan-filtering", "8021q"]);

  test("has VLAN-filtering bridges", async () => {
    await b().sh("ip link add br0 type bridge vlan_filtering 1; ip link set eth0 master br0");
    await b().sh("bridge vlan add dev eth0 vid 30");
    expect(await b().sh("bridge vlan show dev eth0")).toMatch(/\b30\b/);
  });
});

function checks(needs: readonly Ability[]): { b: () => Machine } {
  let lab: Lab;
  let a: Machine;
  let b: Machine;

  beforeAll(async () => {
    lab = await openLab(needs);
    a = await lab.machine("alpha");
    b = await lab.machine("beta");
    await lab.wire(a, "eth0", b, "eth0");
    await a.sh("ip addr add 10.0.0.1/24 dev eth0");
    await b.sh("ip addr add 10.0.0.2/24 dev eth0");
  }, 120_000);
  afterAll(() => lab.close());

  test("machines have names of their own and reach each other", async () => {
    expect(await b.sh("hostname")).toBe("beta\n");
    expect(await a.run(["ping", "-c1", "-W3", "10.0.0.2"])).toMatchObject({ code: 0 });
  });

  test("a machine's files are its own", async () => {
    await a.writeFile("/etc/new/file", "text\n", 0o755);
    expect(await a.sh("/bin/ls -l /etc/new/file; cat /etc/new/file")).toMatch(/^-rwxr-xr-x .*\ntext\n$/);
    expect((await b.run(["test", "-e", "/etc/new"])).code).toBe(1);
  });

  test("a machine whose power is cut is gone, with its processes and cables, and the others run on", async () => {
    const gone = await lab.machine("gamma");
    await lab.wire(a, "eth9", gone, "eth0");
    await gone.background(["sleep", "12345"]);
    await lab.cutPower(gone);
    await a.sh("while [ -e /sys/class/net/eth9 ]; do sleep 0.05; done");
    await expect(gone.sh("true")).rejects.toThrow();
    expect(await b.sh("echo here")).toBe("here\n");
  });

  test("a program that is in no package of the setup is not found, though this machine has it", async () => {
    const listed = readdirSync(programsFolder());
    const other = readdirSync("/usr/bin").find((name) => !listed.includes(name));
    expect(await a.run([other ?? "sh"])).toMatchObject({ code: 127, stdout: "" });
    expect(await a.run(["sh", "-c", `exec ${other ?? "sh"}`])).toMatchObject({ code: 127, stdout: "" });
  });

  test("exit codes and both outputs come back, also of what a signal ended and of what is not there", async () => {
    expect(await a.run(["sh", "-c", "echo out; echo err >&2; exit 7"])).toEqual({
      code: 7,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect((await a.run(["no-such-command"])).code).toBe(127);
    await expect(a.sh("echo before; false; echo after")).rejects.toThrow(/status 1[^]*before/);
  });

  test("300 kB go in and come back, twice at the same time", async () => {
    const text = "ä line\n".repeat(40_000);
    const both = await Promise.all([a.run(["cat"], { stdin: text }), b.run(["cat"], { stdin: text })]);
    expect(both.map(({ stdout }) => stdout === text)).toEqual([true, true]);
  }, 60_000);

  test("1 MB comes out", async () => {
    const { stdout } = await a.run(["sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' z"]);
    expect(stdout.length).toBe(1_000_000);
  }, 60_000);

  test("a background process is stopped and says what it saw", async () => {
    const dump = await b.background(["tcpdump", "-c", "1000", "-lni", "eth0", "icmp"]);
    const ping = ["ping", "-c", "3", "-i", "0.5", "10.0.0.2"];
    expect((await a.run(ping)).code).toBe(0);
    const { code, stdout } = await dump.stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/ICMP echo reply/);
  }, 60_000);

  test("what takes too long is killed, with an error that shows its output", async () => {
    const late = a.run(["sh", "-c", "echo begun; sleep 300"], { timeoutMs: 4000 });
    await expect(late).rejects.toThrow(/killed after 4 s: sh -c echo begun; sleep 300\nbegun/);
    expect(await a.sh("pgrep -x sleep | wc -l")).toBe("1\n"); // process 1's own
  }, 60_000);

  test("how long each command took is written down when somebody wants to know", async () => {
    const folder = mkdtempSync(join(tmpdir(), "guestnet-trace-"));
    const before = process.env["GUESTNET_LAB_TRACE"];
    process.env["GUESTNET_LAB_TRACE"] = join(folder, "trace");
    try {
      await a.sh("echo one;\n  sleep 0.2");
      expect(readFileSync(join(folder, "trace"), "utf8")).toMatch(
        /^\d\d:\d\d:\d\d\.\d{3}\t\d+\.\d\d\talpha\tsh -ec echo one; sleep 0\.2\n$/,
      );
    } finally {
      if (before === undefined) delete process.env["GUESTNET_LAB_TRACE"];
      else process.env["GUESTNET_LAB_TRACE"] = before;
      rmSync(folder, { recursive: true });
    }
  });

  return { b: () => b };
}
