import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { until, becomes } from "../e2e/stage/until.ts";
import { follow, type Reader } from "../e2e/stage/tutorial.ts";
import { outputOf } from "../support/run-program.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { guestnet } from "./stage/program.ts";

/** What `npm install --global ./guestnet-*.tgz` does; hosts have Node.js without npm. */
const INSTALL = (tarball: string): string => `into=/usr/local/lib/node_modules/guestnet
mkdir -p $into && tar -xzf ${tarball} -C $into --strip-components=1
cd $into
node -p 'Object.entries(require("./package.json").bin).map((link) => link.join(" ")).join("\\n")' |
  while read -r name file; do chmod +x $file; ln -s $into/$file /usr/local/bin/$name; done`;

/** Another machine: in VLAN 20 of the bridge, and on a network from which it sends the routed guest's addresses to the host. */
const NEIGHBOUR = `ip netns add neighbour
ip link add port20 type veth peer name vlan20 netns neighbour
ip link set port20 master br0 up
bridge vlan add dev port20 vid 20 pvid untagged
ip link add uplink type veth peer name eth0 netns neighbour
ip address add 198.51.100.1/24 dev uplink
ip link set uplink up
ip -n neighbour address add 192.0.2.90/24 dev vlan20
ip -n neighbour address add 198.51.100.9/24 dev eth0
for device in lo vlan20 eth0; do ip -n neighbour link set $device up; done
ip -n neighbour route add 192.0.2.53 via 198.51.100.1`;

/** The small kernel has br_netfilter built in, switched on. Debian's loads it as a module only with Docker and the like. */
const NO_BRIDGE_NETFILTER = ["iptables", "ip6tables", "arptables"]
  .map((table) => `net.bridge.bridge-nf-call-${table} = 0\n`)
  .join("");

const CLEAN = /^0 errors, 0 warnings, \d+ ok$/m;

describeOnHosts("the tutorials, by a newcomer's hand", (release) => {
  let packed: string;
  let host: OneHost;
  let reader: Reader;
  const names = (which: string): Promise<string> => host.sh(`virsh list --name --${which} | sort`);

  beforeAll(async () => {
    mkdirSync("release", { recursive: true });
    packed = mkdtempSync("release/tutorial-");
    outputOf("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", packed]);
    host = await openHost(release);
    await host.writeFile("/etc/sysctl.d/50-bridge-netfilter.conf", NO_BRIDGE_NETFILTER);
    await host.sh("mkdir /root/tutorial; systemctl restart systemd-sysctl");
    reader = {
      ...{ host, directory: "/root/tutorial", libvirt: () => host.libvirt() },
      image: { kernel: "/opt/guest-image/vmlinuz", initrd: "/opt/guest-image/initrd" },
      whole: {
        systemd: async (text) => {
          await host.sh(`cd /root/tutorial; ${text}`);
        },
        reboot: async (text) => {
          expect(text).toBe("systemctl reboot\n");
          await host.reboot();
          await host.libvirt();
          await becomes(() => names("state-running"), await names("autostart"));
        },
      },
    };
  });
  afterAll(async () => {
    await host.close();
    rmSync(packed, { recursive: true });
  });

  test("the package that npm makes is whole", async () => {
    await host.sh(INSTALL(`/opt/project/release/${basename(packed)}/guestnet-*.tgz`));
    expect(await host.sh("cd / && genxml --version && guestnet --version")).toMatch(/^(\d+\.\d+\.\d+\n){2}$/);
  });

  test("the first host: after its reboot the bridge is there and the doctor finds nothing", async () => {
    await follow("first-host", reader);
    expect((await guestnet(host, "doctor")).stdout).toMatch(CLEAN);
  });

  test("the first VLAN guest: after the reboot all three run, and a machine in VLAN 20 reaches the two", async () => {
    await follow("first-vlan-guest", reader);
    expect(await names("state-running")).toBe("\ndb1\nother1\nweb1\n");
    await host.sh(NEIGHBOUR);
    for (const to of ["192.0.2.80", "192.0.2.81"])
      await until(host, `ip netns exec neighbour ping -c 1 -W 2 ${to}`);
    const other = await host.run(["ip", "netns", "exec", "neighbour", "ping", "-c1", "-W2", "192.0.2.82"]);
    expect(other.code).toBe(1);
    // A port that is no guest's is an uplink, which would need VLAN 30 as well.
    await host.sh("ip link delete port20");
  });

  test("the first routed guest: its neighbour reaches it, and the doctor finds nothing", async () => {
    await follow("first-routed-guest", reader);
    await until(host, "ip netns exec neighbour ping -c 1 -W 2 192.0.2.53");
    expect(await guestnet(host, "status")).toMatchObject({ code: 0, stderr: "" });
    expect((await guestnet(host, "doctor")).stdout).toMatch(CLEAN);
  });
});
