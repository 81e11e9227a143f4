import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { becomes } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const MAIN = "/etc/libvirt/hooks/qemu";
const PART = "/etc/libvirt/hooks/qemu.d/guestnet";

describeInLab("guestnet install, on a host whose daemon runs without a hook", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    libvirt = await host.libvirt();
    const xml = bare("r1", [{ type: "routed", addresses: ["2001:db8::1", "192.0.2.1"] }]);
    expect(await libvirt.define(xml)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await lab.close();
  });

  const starts = async (): Promise<boolean> => {
    const started = (await libvirt.virsh("start", "r1")).code === 0;
    if (started) expect(await libvirt.virsh("destroy", "r1")).toMatchObject({ code: 0 });
    return started;
  };

  test("the daemon runs the hook from then on, without a restart", async () => {
    expect(await starts()).toBe(false);
    // What a hook of 0.1.0 has left.
    await host.sh(
      "mkdir -p /run/guestnet/compiled /run/guestnet/runs; touch /run/guestnet/compiled/start-yes-no-no",
    );
    const { code, stderr } = await guestnetOn(host, "install");
    expect(stderr).toMatch(
      /^(QuickJS|Node\.js) \S+: \/\S+\n(?:warning: \S+ takes \d+ ms to start, .*\n)?(?:installed \S+(?:: .*)?\n)+self-test, as the daemon runs it: guestnet \S+ on \1( \S+)?: ready\ntold the daemon .*: kill -HUP \d+\n$/,
    );
    expect(code).toBe(0);
    expect(await host.sh("ls /run/guestnet")).toBe("told\n");
    await becomes(starts, true);
  });

  test("again, it changes nothing", async () => {
    const { code, stderr } = await guestnetOn(host, "install");
    expect(code).toBe(0);
    expect(stderr).toContain(`${MAIN} is already this version`);
  });

  test("beside somebody else's hook both are run", async () => {
    await guestnetOn(host, "uninstall");
    await host.writeFile(MAIN, "#!/bin/sh\necho $2 >>/run/foreign\n", 0o755);
    const { code, stderr } = await guestnetOn(host, "install");
    expect({ code, installed: stderr.includes(`installed ${PART}`) }).toEqual({ code: 0, installed: true });
    expect(await starts()).toBe(true);
    expect(await host.sh("cat /run/foreign")).toMatch(/^prepare\nstart\nstarted\n/);
  });

  test("after uninstall only the other one is, and a routed guest does not start", async () => {
    expect(await guestnetOn(host, "uninstall")).toMatchObject({ code: 0 });
    expect(await host.sh("find /etc/libvirt/hooks -type f")).toBe(`${MAIN}\n`);
    expect(await starts()).toBe(false);
  });

  test("without an engine that will do, nothing is installed", async () => {
    await host.sh(`rm ${MAIN}`);
    const { code, stderr } = await guestnetOn(host, "install", "--engine", "/no/node");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "guestnet: error: cannot find a JavaScript engine for the hook: /no/node: it is not an executable file\nhint: guestnet install\n",
    });
  });
});
