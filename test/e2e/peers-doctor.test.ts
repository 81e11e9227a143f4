import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { bare, generate } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { allowSsh } from "./stage/hosts/sshd.ts";
import { migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./stage/hosts/two-hosts-routed.ts";
import { until } from "./stage/until.ts";
import { openSwitched, SWITCHED_NEEDS } from "./stage/hosts/two-hosts-switched.ts";

interface Shown {
  readonly findings: readonly {
    readonly kind: string;
    readonly check: string;
    readonly fact: string;
    readonly fix?: string;
  }[];
}

/** Returns what the doctor of h1 reports of h2 and is not ok: `KIND CHECK: FACT`. */
const ills = async ({ h1 }: TwoHosts, ...names: readonly string[]): Promise<readonly string[]> => {
  const ran = await guestnetOn(
    h1.machine,
    "doctor",
    "--json",
    // User Mode Linux on a busy machine is slow.
    ...["--timeout", "150"],
    "--peer",
    "qemu+ssh://root@h2/system",
    ...names,
  );
  expect(ran.stderr).toBe("");
  const { findings } = JSON.parse(ran.stdout) as Shown;
  const found = findings.filter(({ kind }) => kind !== "ok");
  expect(ran.code).toBe(found.some(({ kind }) => kind === "error") ? 2 : 0);
  return found.map((one) => `${one.kind} ${one.check}: ${one.fact}`);
};

const connect = ({ h1, h2 }: TwoHosts): Promise<void> =>
  allowSsh(h1.machine, [{ to: h2.machine, address: h2.address }]);

describeInLab("guestnet doctor --peer, for routed guests", ROUTED_NEEDS, () => {
  let two: TwoHosts;
  const on2 = (script: string): Promise<string> => two.h2.machine.sh(script);

  beforeAll(async () => {
    two = await openRouted("BIRD 2");
    const routes = '[ -n "$(ip route show default)" ] && [ -n "$(ip -6 route show default)" ]';
    for (const { machine } of [two.h1, two.h2]) await until(machine, routes);
    await connect(two);
    const nic = { type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] };
    await launch(two.h1.libvirt, "dns1", bare("dns1", [nic]));
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("finds nothing where all is well, and says what it looked at", async () => {
    expect(await ills(two)).toEqual([]);
    const { stdout } = await guestnetOn(
      two.h1.machine,
      "doctor",
      "--verbose",
      ...["--peer", "qemu+ssh://root@h2/system"],
    );
    for (const line of [
      "guests to move: dns1",
      "QEMU of h2: ",
      "hook of h2: /etc/libvirt/hooks/qemu: guestnet ",
      "network of h2: ",
    ])
      expect(stdout).toContain(`ok       ${line}`);
  });

  describe("tells before the migration what", () => {
    test.each<[string, string, string, readonly RegExp[]]>([
      [
        "is missing: the hook",
        "mv /etc/libvirt/hooks/qemu /run",
        "mv /run/qemu /etc/libvirt/hooks",
        [/^error hook of h2: it is not installed$/],
      ],
      [
        "does not run: the hook",
        "chmod -x /etc/libvirt/hooks/qemu",
        "chmod +x /etc/libvirt/hooks/qemu",
        [/^error hook of h2: .*Permission denied/],
      ],
      [
        "is of another version: the hook",
        "sed -i '3s/guestnet [^:]*/guestnet 0.0.1/' /etc/libvirt/hooks/qemu",
        "",
        [/^warning hook of h2: guestnet 0\.0\.1 there, /],
      ],
      [
        "is off: forwarding",
        "sysctl -qw net.ipv4.ip_forward=0",
        "sysctl -qw net.ipv4.ip_forward=1",
        [/^error network of h2: the host does not forward IPv4$/],
      ],
      [
        "is taken: the address",
        "ip addr add 192.0.2.53/32 dev lo",
        "ip addr del 192.0.2.53/32 dev lo",
        [/^error network of h2: 192\.0\.2\.53\/32 is an address of this host, on lo$/],
      ],
      [
        "is taken: the tap",
        "ip link add dns1-0 type dummy || ip tuntap add dns1-0 mode tap",
        "ip link del dns1-0",
        [/^error network of h2: the name dns1-0 is already used by /],
      ],
      [
        "is missing: the routing daemon, and what it had learned",
        "birdc down; while pgrep -x bird; do sleep 0.1; done",
        "bird -c /etc/bird/bird.conf; until ip route show default | grep -q . && ip -6 route show default | grep -q .; do sleep 0.1; done",
        [
          /^warning IPv4 default route of h2: missing/,
          /^warning IPv6 default/,
          /^warning routing daemon of h2: none runs there, and bird runs here$/,
        ],
      ],
    ])("%s", async (_, breakIt, mendIt, expected) => {
      await on2(breakIt);
      expect(await ills(two)).toEqual(expected.map((one) => expect.stringMatching(one)));
      if (mendIt !== "") await on2(mendIt);
      else await installHook(two.h2.machine);
    });
  });

  test("a guest that runs there already, or another of its name, is told", async () => {
    const nic = { type: "routed", addresses: ["192.0.2.54"], mac: "52:54:00:00:00:54", tap: "other" };
    const xml = bare("dns1", [nic]).replace(
      /<uuid>.*<\/uuid>/,
      "<uuid>00000000-0000-4000-8000-000000000054</uuid>",
    );
    expect(await two.h2.libvirt.define(xml)).toMatchObject({ code: 0 });
    expect(await ills(two)).toContainEqual(
      expect.stringMatching(/^error guests of h2: dns1: another guest has this name there \(0{8}-.*\)$/),
    );
    await two.h2.libvirt.virsh("undefine", "dns1");
  });

  test("a guest there that has the same address is told, with who has it, and so is the refusal that follows", async () => {
    const nic = { type: "routed", addresses: ["192.0.2.53"] };
    await launch(two.h2.libvirt, "copy", bare("copy", [nic]));
    expect(await ills(two)).toEqual(
      expect.arrayContaining([
        "error guests of h2: the address 192.0.2.53 is that of dns1 (dns1-0) on this host and of copy (copy-0) on h2",
        expect.stringMatching(
          /^error network of h2: 192\.0\.2\.53\/32 is already routed to the guest behind tap copy-0/,
        ),
      ]),
    );
    expect((await migrate("dns1", two.h1, two.h2)).stderr).toMatch(
      /already routed to the guest behind tap copy-0/,
    );
    await two.h2.libvirt.virsh("destroy", "copy");
  });

  test("libvirt there is asked for the machine types and CPUs of the guests", async () => {
    const named = generate({
      ...{ name: "named", virtType: "qemu", memory: "16 MiB", cpu: { model: "qemu64" } },
      interfaces: [{ type: "routed", addresses: ["192.0.2.55"] }],
    });
    await launch(two.h1.libvirt, "named", named);
    expect(await ills(two)).toEqual([]);
    await two.h1.libvirt.virsh("destroy", "named");
  });
});

describeInLab("guestnet doctor --peer, for guests on a bridge", SWITCHED_NEEDS, () => {
  let two: TwoHosts;
  const on2 = (script: string): Promise<string> => two.h2.machine.sh(script);

  beforeAll(async () => {
    two = await openSwitched(["20", "30-31"]);
    await connect(two);
    await launch(two.h1.libvirt, "web1", bare("web1", [{ type: "bridge", bridge: "br0", vlan: 20 }]));
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("finds nothing where all is well; the migration then works", async () => {
    expect(await ills(two)).toEqual([]);
    expect(await migrate("web1", two.h1, two.h2)).toMatchObject({ code: 0, stderr: "" });
    await allowSsh(two.h2.machine, [{ to: two.h1.machine, address: two.h1.address }]);
    const back = await guestnetOn(
      two.h2.machine,
      "doctor",
      "--timeout",
      "150",
      "--peer",
      "qemu+ssh://root@h1/system",
    );
    expect(back).toMatchObject({ code: 0 });
    expect(await migrate("web1", two.h2, two.h1)).toMatchObject({ code: 0, stderr: "" });
  });

  test("tells a VLAN that a device there steals, a smaller MTU, a gateway that stays behind, and a bridge that is not there", async () => {
    const own =
      "bridge vlan add dev br0 vid 20 self; ip link add link br0 name br0.20 up type vlan id 20; ip addr add 192.0.2.1/24 dev br0.20";
    await two.h1.machine.sh(own);
    await on2("ip link add link up0 name up0.20 type vlan id 20; ip link set br0 mtu 1400");
    expect(await ills(two)).toEqual([
      expect.stringMatching(/^error network of h2: VLAN device up0\.20 on up0 takes the frames of VLAN 20/),
      "warning MTU of br0 on h2: 1400 there, 1500 here",
      "warning gateway in VLAN 20 on h2: this host has 192.0.2.1/24 in VLAN 20 of br0, and h2 does not",
    ]);
    await on2("ip link del br0");
    expect(await ills(two)).toContain("error network of h2: bridge br0 does not exist");
    expect((await migrate("web1", two.h1, two.h2)).stderr).toMatch(/bridge br0 does not exist/);
  });
});
