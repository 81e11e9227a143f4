import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, type Ran } from "../lab/lab.ts";
import { installCollection, recapOf, runPlaybook } from "./stage/ansible.ts";
import { openControlledHosts } from "./stage/controlled-hosts.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const NAMES = ["h1", "h2"] as const;
const HOOK = "/etc/libvirt/hooks/qemu";
const PLAY = `- hosts: all
  gather_facts: false
  roles:
    - role: guestnet.guestnet.guests
      vars: { guestnet_profiles: /run/site }
    - guestnet.guestnet.host
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
  const defined = async (): Promise<readonly string[]> =>
    Promise.all(libvirts.map(async (one) => (await one.virsh("list", "--all", "--name")).stdout.trim()));

  beforeAll(async () => {
    ({ lab, controller, hosts } = await openControlledHosts(NEEDS, NAMES));
    for (const [at, name] of NAMES.entries())
      await controller.writeFile(`/run/site/${name}/g${String(at + 1)}.json`, profile(`g${String(at + 1)}`));
    libvirts = await Promise.all(hosts.map((host) => host.libvirt()));
    await controller.writeFile("/run/site.yml", PLAY);
    await installCollection(controller);
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
    expect(await defined()).toEqual(["", ""]);
    for (const host of hosts) expect((await host.run(["test", "-e", HOOK])).code).toBe(1);
  });

  test("check mode says what would change, and changes nothing", async () => {
    const ran = await play("--check", "--diff");
    expect(recapOf(ran)).toEqual(["changed 2, failed 0", "changed 2, failed 0"]);
    for (const line of ["+ guest g1: new", "+ guest g2: new", "install the hook: "])
      expect(ran.stdout).toContain(line);
    expect(await defined()).toEqual(["", ""]);
    for (const host of hosts) expect((await host.run(["test", "-e", HOOK])).code).toBe(1);
  });

  test("the first run changes the hosts, the second none", async () => {
    expect(recapOf(await play())).toEqual(["changed 2, failed 0", "changed 2, failed 0"]);
    expect(await defined()).toEqual(["g1", "g2"]);
    expect(recapOf(await play())).toEqual(["changed 0, failed 0", "changed 0, failed 0"]);
  });
});
