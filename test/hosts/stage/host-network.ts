import { genxml } from "../../e2e/stage/guest/generate.ts";
import type { Host } from "../host.ts";
import { ENABLE_NETWORKMANAGER } from "./networkmanager-cards.ts";

/** A host with an access and a trunk to guests, addresses of its own in a VLAN, and a routed uplink: the first or the second. */
export const hostJson = (number: 1 | 2) => ({
  name: `kvm${number}`,
  bridges: {
    br0: {
      uplinks: ["eno1"],
      vlans: { mgmt: 10, servers: 20, office: "100-103" },
      addresses: {
        mgmt: {
          addresses: [`198.51.100.${number}0/24`, `2001:db8:10::${number}0/64`],
          gateway: ["198.51.100.1", "fe80::1"],
        },
      },
    },
  },
  interfaces: { eno2: { addresses: [`203.0.113.${number}/24`] } },
  routed: { uplinks: ["eno2"] },
});

export const HOST = hostJson(1);

export const FORMATS = ["networkd", "netplan", "networkmanager", "ifupdown2", "ifupdown"] as const;
/** A network manager of Debian's that can be the one of a host. */
export type Format = (typeof FORMATS)[number];

/** Network cards, there before any network manager starts: veths, as a User Mode Linux has no cards. Their other ends are far. */
const CARDS = `[Unit]
DefaultDependencies=no
After=systemd-tmpfiles-setup.service
Before=network-pre.target
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -ec 'ip netns add far; for n in 1 2; do ip link add eno$$n type veth peer name far$$n netns far; ip -n far link set far$$n up; done'
[Install]
WantedBy=sysinit.target
`;

/** What both of the same name start from. */
const INTERFACES =
  "printf 'auto lo\\niface lo inet loopback\\nsource /etc/network/interfaces.d/*\\n' >/etc/network/interfaces";

/** How a manager comes to be the host's. */
const ENABLE: Readonly<Record<Format, string>> = {
  networkd: "systemctl enable systemd-networkd systemd-networkd-wait-online",
  netplan: "systemctl enable systemd-networkd systemd-networkd-wait-online",
  networkmanager: ENABLE_NETWORKMANAGER,
  // The directory is missing in Debian's package, and an error of every run without it.
  ifupdown2: `mkdir -p /etc/iproute2/rt_tables.d
    ${INTERFACES}
    systemctl enable networking`,
  // Neither can be installed beside the other.
  ifupdown: `dpkg --purge --force-depends ifupdown2
    dpkg --install --force-depends /opt/packages/ifupdown_*.deb
    ${INTERFACES}
    systemctl enable networking`,
};

interface HostFiles {
  readonly files: readonly { readonly path: string; readonly text: string; readonly mode: string }[];
}

const filesOf = (format: Format | "iproute2", description: object): HostFiles["files"] => {
  const ran = genxml(["host", "-", "--format", format, "--json"], JSON.stringify(description));
  if (ran.status !== 0) throw new Error(ran.stderr);
  return (JSON.parse(ran.stdout) as HostFiles).files;
};

/** Gives a host its network cards, at each boot. */
export const installCards = async (host: Host): Promise<void> => {
  await host.writeFile("/etc/systemd/system/cards.service", CARDS);
  await host.sh("systemctl enable cards.service");
};

/** Writes what `genxml host` writes, and enables the manager: the next boot makes the network. */
export const configureNetwork = async (
  host: Host,
  format: Format,
  description: object = HOST,
): Promise<void> => {
  await installCards(host);
  for (const { path, text, mode } of filesOf(format, description)) {
    await host.writeFile(path, text);
    await host.sh(`chmod ${mode} ${path}`);
  }
  await host.sh(ENABLE[format]);
};

/** Makes the network by the commands of `--format iproute2`, at once. */
export const networkByCommands = async (host: Host): Promise<void> => {
  await host.writeFile("/etc/systemd/system/cards.service", CARDS);
  await host.sh("systemctl start cards.service");
  for (const { path, text } of filesOf("iproute2", HOST)) await host.writeFile(path, text);
  await host.sh("sysctl -qe --load=/etc/sysctl.d/60-guestnet.conf; sh /usr/local/sbin/guestnet-host");
};

/** What host.json describes, as text: without who made a route, and its metric. */
const STATE = `for device in br0 eno1; do bridge -d vlan show dev $device | tr -s ' ' | grep -v '^ state'; done
  for device in br0 br0.10 eno1 eno2; do
    cat /sys/class/net/$device/mtu
    ip -o address show dev $device scope global | grep -oE 'inet6? [^ ]+' | sort
  done
  cat /sys/class/net/br0/address /sys/class/net/br0/bridge/default_pvid /sys/class/net/br0/bridge/vlan_filtering
  cat /sys/class/net/br0/bridge/stp_state; basename "$(readlink /sys/class/net/eno1/master)"
  { ip route show table main; ip -6 route show default; } | grep -v ' proto 76 ' |
    sed -E 's/ (proto|metric|src|pref|expires) [^ ]+//g; s/ linkdown//; s/ onlink//; s/ *$//' | sort
  sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding
  cat /proc/sys/net/ipv6/conf/br0.10/accept_ra`;

/** The state of what host.json describes. The same text means that two hosts are alike. */
export const stateOfNetwork = async (host: Host): Promise<string> =>
  (await host.run(["bash", "-c", STATE])).stdout;
