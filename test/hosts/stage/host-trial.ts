import type { Host } from "../host.ts";
import { becomes } from "../../e2e/stage/until.ts";
import { HOST, installCards } from "./host-network.ts";
import { ENABLE_NETWORKMANAGER } from "./networkmanager-cards.ts";
import { installGuestnet } from "./program.ts";

export const MANAGERS = ["networkd", "netplan", "ifupdown2", "networkmanager"] as const;
type Manager = (typeof MANAGERS)[number];

interface Before {
  /** The administrator's file that configures eno1. */
  readonly file: string;
  readonly text: string;
  readonly enable: string;
}

/** A host with one address on its card, and no bridge. */
export const BEFORE: Readonly<Record<Manager, Before>> = {
  networkd: {
    file: "/etc/systemd/network/eno1.network",
    text: "[Match]\nName=eno1\n[Network]\nAddress=198.51.100.10/24\nGateway=198.51.100.1\n",
    enable: "systemctl enable systemd-networkd",
  },
  netplan: {
    file: "/etc/netplan/50-cloud-init.yaml",
    text: "network: {version: 2, ethernets: {eno1: {addresses: [198.51.100.10/24], routes: [{to: default, via: 198.51.100.1}]}}}\n",
    enable: "chmod 600 /etc/netplan/*.yaml; systemctl enable systemd-networkd",
  },
  ifupdown2: {
    file: "/etc/network/interfaces.d/eno1",
    text: "auto eno1\niface eno1 inet static\n  address 198.51.100.10/24\n  gateway 198.51.100.1\n",
    enable: `mkdir -p /etc/iproute2/rt_tables.d
      printf 'auto lo\\niface lo inet loopback\\nsource /etc/network/interfaces.d/*\\n' >/etc/network/interfaces
      systemctl enable networking`,
  },
  networkmanager: {
    file: "/etc/NetworkManager/system-connections/card.nmconnection",
    text: "[connection]\nid=Office\ntype=ethernet\ninterface-name=eno1\n[ipv4]\nmethod=manual\naddress1=198.51.100.10/24,198.51.100.1\n[ipv6]\nmethod=disabled\n",
    enable: ENABLE_NETWORKMANAGER,
  },
};

const STATE = `ip -br link | awk '{ print $1, $2 }' | grep -v -e ^lo -e sit0 | sort
  ip -o address show scope global | awk '{ print $2, $4 }' | sort
  ip route; sysctl net.ipv6.conf.eno1.disable_ipv6
  find /etc/systemd /etc/network /etc/NetworkManager /etc/netplan /etc/sysctl.d /etc/modules-load.d \\( -type f -o -type l \\) \\
    ! -path '*.wants/*' -exec md5sum {} + 2>/dev/null | sort -k 2
  ls -d /etc/guestnet-trial* 2>/dev/null || true`;

/** The host's network and the files that make it. */
export const stateOfHost = (host: Host): Promise<string> => host.sh(STATE);

/** Boots a host with its network of before, guestnet and /root/host.json. @returns its state */
export const startBefore = async (host: Host, manager: Manager): Promise<string> => {
  const { file, text, enable } = BEFORE[manager];
  await installCards(host);
  await host.writeFile(file, text);
  await host.sh(enable);
  await installGuestnet(host);
  await host.writeFile("/root/host.json", JSON.stringify(HOST));
  await host.reboot();
  await becomes(
    () => host.sh("ip route show default | cut -d' ' -f1-5"),
    "default via 198.51.100.1 dev eno1\n",
  );
  return stateOfHost(host);
};

/** Lets root log in on the host from itself, by ssh. @returns the host's URI */
export const allowSsh = async (host: Host): Promise<string> => {
  await host.sh(`[ -e /root/.ssh/id_ed25519 ] || {
      ssh-keygen -A; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
      cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
      sed 's/^/127.0.0.1 /' /etc/ssh/ssh_host_ed25519_key.pub >/root/.ssh/known_hosts
    }
    systemctl start ssh`);
  return "qemu+ssh://root@127.0.0.1/system";
};
