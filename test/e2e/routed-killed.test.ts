import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./generate.ts";
import { network, qemus } from "./host.ts";
import { installHook } from "./install-hook.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const GUEST = [{ type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] }];

/**
 * An ip that makes so many lines of the next batch of changes as /run/lines says, and then kills the hook that called it, and
 * libvirtd: nobody is left who could clear away.
 */
const KILLER = `#!/bin/sh
lines=$(cat /run/lines 2>/dev/null) || exec /run/ip "$@"
case " $* " in *" -force "* | *" -V "*) exec /run/ip "$@" ;; esac
rm /run/lines
head -n "$lines" >/run/batch
/run/ip -batch /run/batch
kill -9 $(cat /run/libvirtd.pid) $PPID
`;

describeInLab("a routed guest whose hook and libvirtd are killed", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let before: string;
  let running: string;

  // Whether QEMU has opened the tap yet is a matter of milliseconds.
  const state = async (): Promise<string> =>
    (await network(host)).replaceAll(/ linkdown/g, "").replaceAll(/^(g-0 +)(UP|DOWN) +/gm, "$1");
  const start = async (): Promise<void> => {
    expect(await libvirt.virsh("start", "g")).toMatchObject({ code: 0, stderr: "" });
  };
  const destroy = async (): Promise<void> => {
    expect(await libvirt.virsh("destroy", "g")).toMatchObject({ code: 0 });
    expect(await network(host)).toBe(before);
  };

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    await host.writeFile("/run/killer", KILLER, 0o755);
    await host.sh(`
      ip=$(readlink -f "$(command -v ip)")
      cp "$ip" /run/ip
      mount --bind /run/killer "$ip"`);
    await installHook(host);
    libvirt = await host.libvirt();
    before = await network(host);
    expect(await libvirt.define(bare("g", GUEST))).toMatchObject({ code: 0 });
    await start();
    running = await state();
    await destroy();
  });
  afterAll(async () => {
    await lab.close();
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    "after %d lines: it starts again, and leaves nothing",
    async (lines) => {
      await host.sh(`echo ${lines} >/run/lines`);
      expect((await libvirt.virsh("start", "g")).code).toBe(1);
      expect(await host.sh("wc -l </run/batch; ls /run/lines 2>/dev/null || true")).toBe(`${lines}\n`);
      if (lines > 0) expect(await network(host)).not.toBe(before);
      await libvirt.start();
      expect((await libvirt.virsh("domstate", "g")).stdout.trim()).toBe("shut off");
      await start();
      expect(await state()).toBe(running);
      await destroy();
    },
  );

  test("QEMU killed while libvirtd was dead: its restart leaves nothing", async () => {
    await start();
    await host.sh("kill -9 $(cat /run/libvirtd.pid)");
    const [qemu = ""] = await qemus(host);
    await host.sh(`kill -9 ${qemu}; sleep 1`);
    expect(await network(host)).not.toBe(before);
    await libvirt.start();
    await host.sh(
      "for i in $(seq 50); do ip link show dev g-0 >/dev/null 2>&1 || exit 0; sleep 0.1; done; exit 1",
    );
    expect(await network(host)).toBe(before);
    await start();
    await destroy();
  });
});
