import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Lab, Machine, Ran } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { openTwoPeers, PEER_NEEDS } from "./stage/hosts/two-peers.ts";
import { runTrialUnits } from "./stage/host/unit-of-trial.ts";
import { becomes, until } from "./stage/until.ts";

const NEEDS = [...PEER_NEEDS, "vlan-filtering", "8021q"] as const;
const HOST = {
  name: "h2",
  bridges: {
    br0: {
      uplinks: ["eno1"],
      vlans: { mgmt: 10, servers: 20 },
      addresses: { mgmt: { addresses: ["198.51.100.10/24"], gateway: "198.51.100.1" } },
    },
  },
  routed: {},
};
const MORE = { ...HOST, interfaces: { eno2: { addresses: ["203.0.113.1/24"] } } };

const WAITS = { code: 0, stdout: expect.stringContaining("matches host.json") };

const STATE = `ip -o link show | awk '{ print $2, $3, $5 }' | grep -v lo | sort; ip -o address show scope global | awk '{ print $2, $4 }'
  ip route; bridge vlan show; bridge -d link show | sed 's/^[0-9]*: //'; bridge fdb show | grep static || true; sysctl net.ipv4.conf.all.forwarding
  find /etc/systemd /etc/sysctl.d /etc/modules-load.d /usr/local/sbin -type f ! -path '*.wants/*' | sort; ls -d /etc/guestnet-trial* || true`;

describeInLab("guestnet host on another host, by ssh", NEEDS, () => {
  let lab: Lab;
  let h1: Machine;
  let h2: Machine;
  const onH2 = (command: string, ...args: readonly string[]): Promise<Ran> =>
    guestnetOn(h1, "host", command, "/run/host.json", "--host", "qemu+ssh://root@h2/system", ...args);
  const tryIt = (...args: readonly string[]): Promise<Ran> => onH2("try", "--format", "iproute2", ...args);
  const state = (): Promise<string> => h2.sh(STATE);

  beforeAll(async () => {
    ({ lab, h1, h2 } = await openTwoPeers(NEEDS));
    await runTrialUnits(h2);
    await h1.writeFile("/run/host.json", JSON.stringify(HOST));
    await h2.sh(`for n in 1 2; do ip link add eno$n type veth peer name far$n; ip link set far$n up; ip link set eno$n up; done
      ip address add 198.51.100.10/24 dev eno1; ip route add default via 198.51.100.1`);
  });
  afterEach(async () => {
    await h2.sh("rm -f /run/slow");
  });
  afterAll(async () => {
    await lab.close();
  });

  test("a host without systemd is refused before anything is written", async () => {
    const before = await state();
    await h2.sh("mv /run/systemd/system /run/systemd/other");
    const ran = await tryIt();
    await h2.sh("mv /run/systemd/other /run/systemd/system");
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringMatching(/on h2: systemd.* is not process 1\n/)]);
    expect(await state()).toBe(before);
  });

  test.each([
    ["ifupdown2", "ifreload"],
    ["nmstate", "nmstatectl"],
  ])("a host without %s is refused before anything is written", async (format, program) => {
    const before = await state();
    const ran = await onH2("try", "--format", format);
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringContaining(`on h2: not installed: ${program}\n`),
    ]);
    expect(await state()).toBe(before);
  });

  test("a trial whose ssh connection dies is put back at once", async () => {
    const before = await state();
    await h2.sh("touch /run/slow; rm -f /run/begun");
    const trying = tryIt("--timeout", "600");
    await until(h2, "[ -e /run/begun ]");
    await h1.sh(
      "ps -e -o pid=,args= | awk '/[g]uestnet-ssh/ {print $1}' | xargs -r kill -9 2>/dev/null || true",
    );
    await h2.sh("rm /run/slow");
    // It has lost a program that ran, or connects again and sees what the host has done.
    expect((await trying).stdout).toMatch(/\nh2 +(failed\n {2}lost the connection to h2|put back\n)/);
    await becomes(state, before);
    expect(await h2.sh("tail -n 1 /run/trial.log")).toContain(
      "put back: the ssh session that started it has ended",
    );
  });

  test("a trial whose process was killed is ended by rollback", async () => {
    const before = await state();
    expect(await tryIt("--timeout", "600")).toMatchObject(WAITS);
    await h2.sh("kill -9 $(cat /run/trial.pid)");
    expect(await onH2("rollback")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("the host's network was put back: guestnet host rollback was run"),
    });
    expect(await state()).toBe(before);
    expect((await onH2("confirm")).stdout).toContain("cannot confirm: no trial is under way on h2");
  });

  test("what is confirmed by a new connection stays, and then there is nothing to do", async () => {
    expect(await tryIt("--timeout", "600")).toMatchObject(WAITS);
    expect(await onH2("confirm")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nh2 +the host's network is kept\n$/),
    });
    expect(await h2.sh("ls -d /etc/guestnet-trial* 2>/dev/null || true")).toBe("");
    expect((await tryIt()).stdout).toMatch(/\nh2 +nothing to do\n$/);
  });

  test("a trial that takes a guest's port away is put back, with the port", async () => {
    await installHook(h2);
    await launch(
      await h2.libvirt(),
      "web1",
      bare("web1", [{ type: "bridge", bridge: "br0", vlan: 20, mac: "52:54:00:00:00:01", antispoof: true }]),
    );
    const before = await state();
    await h1.writeFile("/run/host.json", JSON.stringify(MORE));
    expect(await tryIt("--timeout", "600")).toMatchObject(WAITS);
    await h2.sh("ip link set web1-0 nomaster");
    await becomes(state, before);
    expect(await vlans(h2, "web1-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await guestnetOn(h2, "plan")).toMatchObject({ code: 0 });
    expect(await h2.sh("tail -n 1 /run/trial.log")).toMatch(/put back: NIC web1-0 differs: missing: /);
  });
});
