import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, type Ran } from "../lab/lab.ts";
import { installCollection, recapOf, runPlaybook } from "./stage/ansible.ts";
import { openControlledHosts } from "./stage/hosts/controlled-hosts.ts";
import { runTrialUnits } from "./stage/host/unit-of-trial.ts";
import { becomes } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const NAMES = ["h1", "h2"] as const;
const HOOK = "/etc/libvirt/hooks/qemu";
const SCRIPT = "/usr/local/sbin/guestnet-host";
const PLAY = `- hosts: all
  gather_facts: false
  roles:
    - role: guestnet.guestnet.guests
      vars: { guestnet_profiles: /run/site }
    - role: guestnet.guestnet.host
      vars:
        guestnet_network: "/run/site/{{ inventory_hostname }}/host.json"
        guestnet_network_format: iproute2
        guestnet_network_trial: 60
`;
/** guestnet, from which the host cannot be reached any more when it is to confirm a trial, if the file is there. */
const CUT = `#!/bin/sh
case "$1 $2" in "host confirm") [ ! -e /run/cut ] || ip route replace prohibit 10.0.2.2 ;; esac
`;

describeInLab("the Ansible collection, for two hosts by ssh", NEEDS, () => {
  let lab: Lab;
  let controller: Machine;
  let hosts: readonly Machine[];
  let libvirts: readonly Libvirt[];

  const play = (...options: readonly string[]): Promise<Ran> =>
    runPlaybook(controller, NAMES, "/run/site.yml", options);
  const profile = (name: string, more: object = {}): string =>
    JSON.stringify({
      ...{ name, memory: "64 MiB", virtType: "qemu" },
      interfaces: [{ type: "routed", addresses: [`2001:db8::${name.slice(1)}`] }],
      ...more,
    });
  const describeHost = (at: number, ...more: readonly string[]): Promise<void> =>
    controller.writeFile(
      `/run/site/h${String(at)}/host.json`,
      JSON.stringify({
        interfaces: { eno2: { addresses: [`203.0.113.${String(at)}/24`, ...more] } },
        routed: {},
      }),
    );
  const defined = async (): Promise<readonly string[]> =>
    Promise.all(libvirts.map(async (one) => (await one.virsh("list", "--all", "--name")).stdout.trim()));
  const addresses = (host: Machine): Promise<string> =>
    host.sh("ip -o -4 address show dev eno2 | awk '{ print $4 }' | sort | tr '\\n' ' '");
  const expectUntouched = async (): Promise<void> => {
    expect(await defined()).toEqual(["", ""]);
    for (const host of hosts) {
      expect(await addresses(host)).toBe("");
      for (const file of [HOOK, SCRIPT]) expect((await host.run(["test", "-e", file])).code).toBe(1);
    }
  };

  beforeAll(async () => {
    ({ lab, controller, hosts } = await openControlledHosts(NEEDS, NAMES));
    for (const [index, host] of hosts.entries()) {
      const at = index + 1;
      await runTrialUnits(host);
      await host.sh("ip link add eno2 type veth peer name far2; ip link set far2 up");
      await controller.writeFile(`/run/site/h${String(at)}/g${String(at)}.json`, profile(`g${String(at)}`));
      await describeHost(at);
    }
    libvirts = await Promise.all(hosts.map((host) => host.libvirt()));
    await controller.writeFile("/run/site.yml", PLAY);
    await installCollection(controller, CUT);
  });
  afterAll(async () => {
    await lab.close();
  });

  test("a broken profile fails before a host is changed", async () => {
    await controller.writeFile("/run/site/h2/bad.json", profile("bad", { memory: "none" }));
    const ran = await play();
    expect(recapOf(ran)).toEqual(["changed 0, failed 1", "changed 0, failed 1"]);
    expect(ran.stdout).toContain("bad.json:1:");
    await controller.sh("rm /run/site/h2/bad.json");
    await expectUntouched();
  });

  test("check mode says what would change, and changes nothing", async () => {
    const ran = await play("--check", "--diff");
    expect(recapOf(ran)).toEqual(["changed 2, failed 0", "changed 2, failed 0"]);
    for (const line of ["+ guest g1: new", "+ guest g2: new", "install the hook: ", `+++ ${SCRIPT}`])
      expect(ran.stdout).toContain(line);
    for (const at of ["1", "2"]) expect(ran.stdout).toContain(`eno2: no address 203.0.113.${at}/24`);
    await expectUntouched();
  });

  test("the first run changes the hosts and keeps their network, the second changes nothing", async () => {
    expect(recapOf(await play())).toEqual(["changed 2, failed 0", "changed 2, failed 0"]);
    expect(await defined()).toEqual(["g1", "g2"]);
    for (const [index, host] of hosts.entries()) {
      expect(await addresses(host)).toBe(`203.0.113.${String(index + 1)}/24 `);
      expect(await host.sh(`ls ${HOOK} ${SCRIPT}; ls -d /etc/guestnet-trial* 2>/dev/null || true`)).toBe(
        `${HOOK}\n${SCRIPT}\n`,
      );
    }
    expect(recapOf(await play())).toEqual(["changed 0, failed 0", "changed 0, failed 0"]);
  });

  test("a network after which the controller does not reach the host again is put back by the host, and fails the play for it", async () => {
    const [, second] = hosts;
    if (second === undefined) throw new Error("two hosts were asked for");
    await describeHost(2, "198.51.100.2/24");
    await controller.sh("touch /run/cut");
    const ran = await play("--limit", "h2", "-e", "guestnet_network_trial=5");
    expect(recapOf(ran)).toEqual(["changed 0, failed 1"]);
    expect(ran.stdout).toContain("not confirmed, so the host puts its former network back");
    await becomes(() => addresses(second), "203.0.113.2/24 ");
  });
});
