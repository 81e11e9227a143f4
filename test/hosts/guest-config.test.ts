import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";

// A whole Debian system stands in for the guest, and a namespace for the host that it is routed by.

const ROUTED = {
  ...{ type: "routed", mac: "52:54:00:00:00:53", mtu: 1400 },
  addresses: ["2001:db8:0:1::53", "192.0.2.53"],
};
const TRUNK = {
  ...{ type: "bridge", bridge: "br0", trunk: [100, 200], native: 10, mac: "52:54:00:00:00:10" },
  addresses: ["10.0.10.5/24"],
  vlanAddresses: {
    100: { addresses: ["10.0.100.5/24", "2001:db8:100::5/64"] },
    200: { addresses: ["203.0.113.5/32"], gateway: "203.0.113.1" },
  },
};
const PROFILE = JSON.stringify({
  ...{ name: "guest", memory: "1 GiB", interfaces: [ROUTED, TRUNK] },
  cloudInit: { dns: { servers: ["2001:db8::53"], search: ["example.org"] } },
});

/** The guest's NICs, and the host behind them: as the hook sets it up, a VLAN of the trunk, and an address upstream. */
const WIRES = `ip netns add host
ip netns exec host sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip link add eth0 address ${ROUTED.mac} type veth peer name r0 netns host
ip link add eth1 address ${TRUNK.mac} type veth peer name t0 netns host
ip -n host link set lo up
ip -n host address add 198.51.100.1/32 dev lo
ip -n host address add 2001:db8:ff::1/128 dev lo
ip -n host address add fe80::1/64 dev r0 nodad
ip -n host address add 169.254.0.1/32 dev r0
ip -n host address add 10.0.10.1/24 dev t0
ip -n host link add link t0 name t0.100 type vlan id 100
ip -n host address add 10.0.100.1/24 dev t0.100
for device in r0 t0 t0.100; do ip -n host link set $device up; done
ip -n host route add 192.0.2.53 dev r0
ip -n host route add 2001:db8:0:1::53 dev r0`;
/** Its devices with it; veths go with their other ends. */
const UNWIRE = "ip netns delete host";

/**
 * How each manager gets its files. Of a veth the kernel has no permanent address, by which networkd's files match: theirs are made
 * to match by the current one, which is all that is changed.
 */
const BY_CURRENT_ADDRESS = "sed -i s/PermanentMACAddress/MACAddress/";
const MANAGERS: Readonly<Record<string, { readonly apply: string; readonly end: string }>> = {
  networkd: {
    apply: `cp /root/net/* /etc/systemd/network/ && ${BY_CURRENT_ADDRESS} /etc/systemd/network/*.network
      systemctl start systemd-networkd`,
    end: "systemctl stop systemd-networkd systemd-networkd.socket; rm /etc/systemd/network/10-eth*",
  },
  netplan: {
    apply: `cp -p /root/net/* /etc/netplan/ && netplan generate 2>/root/said
      ${BY_CURRENT_ADDRESS} /run/systemd/network/*.network
      systemctl start systemd-networkd`,
    end: "systemctl stop systemd-networkd systemd-networkd.socket; rm /etc/netplan/50-guest.yaml; netplan generate",
  },
  networkmanager: {
    // NetworkManager takes a veth for a device of its own kind, and Debian's udev rules keep it from all of them.
    apply: `mkdir -p /etc/udev/rules.d && ln -sf /dev/null /etc/udev/rules.d/85-nm-unmanaged.rules
      udevadm control --reload && udevadm trigger --settle --subsystem-match=net
      cp -p /root/net/* /etc/NetworkManager/system-connections/
      cd /etc/NetworkManager/system-connections
      for pair in eth0:r0 eth1:t0; do
        device=\${pair%:*}
        sed -i "s/^type=ethernet/type=veth\\ninterface-name=$device/" $device.nmconnection
        printf '\\n[veth]\\npeer=%s\\n' \${pair#*:} >>$device.nmconnection
      done
      systemctl start NetworkManager
      for device in eth0 eth1; do nmcli device set $device managed yes && nmcli connection up $device; done`,
    end: "systemctl stop NetworkManager; rm /etc/NetworkManager/system-connections/*",
  },
};

describeOnHosts("a guest configured by genxml cloud-init", (release) => {
  let host: OneHost;
  beforeAll(async () => {
    host = await openHost(release, "guest");
    await installGuestnet(host);
    expect(await guestnet(host, "uninstall")).toMatchObject({ code: 0 });
    await host.writeFile("/root/guest.json", PROFILE);
  });
  afterAll(() => host.close());

  describe.each(Object.entries(MANAGERS))("--format %s", (format, { apply, end }) => {
    beforeAll(async () => {
      await host.sh(`${WIRES}
        rm -rf /root/net && genxml cloud-init /root/guest.json -o /root/net --format ${format}
        ${apply}`);
    });
    afterAll(async () => {
      await host.sh(`${end}\n${UNWIRE}\nuntil [ -z "$(ip -o link show type veth)" ]; do sleep 0.1; done`);
    });

    const addresses = async (device: string): Promise<readonly string[]> => {
      const text = await host.sh(`ip -o address show dev ${device} scope global || true`);
      return [...text.matchAll(/inet6? (\S+)/g)].map(([, address]) => address ?? "").sort();
    };

    test.each([
      ["eth0", ["192.0.2.53/32", "2001:db8:0:1::53/128"]],
      ["eth1", ["10.0.10.5/24"]],
      ["eth1.100", ["10.0.100.5/24", "2001:db8:100::5/64"]],
      ["eth1.200", ["203.0.113.5/32"]],
    ])("%s has exactly its addresses", async (device, wanted) => {
      await becomes(() => addresses(device), wanted);
    });

    test("the default routes go through the host, IPv4's on link, a later one is in reserve", async () => {
      const defaults = (): Promise<string> =>
        host.sh("ip route show default; ip -6 route show default | sed 's/ via \\(.*\\) dev/ via \\1 dev/'");
      await becomes(async () => {
        const found = await defaults();
        return [
          /^default via 169\.254\.0\.1 dev eth0 /m.test(found),
          /^default via 203\.0\.113\.1 dev eth1\.200 .*metric 1025/m.test(found),
          /^default via fe80::1 dev eth0 /m.test(found),
        ];
      }, [true, true, true]);
    });

    test("it has its MTU", async () => {
      expect(await host.sh("ip -o link show eth0")).toContain("mtu 1400");
    });

    test("it reaches upstream in both families, and the neighbour in its VLAN", async () => {
      for (const to of ["198.51.100.1", "2001:db8:ff::1", "10.0.100.1"]) {
        await becomes(async () => (await host.run(["ping", "-c1", "-W2", to])).code, 0);
      }
    });
  });
});
