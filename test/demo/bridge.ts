import { installHook } from "../e2e/stage/host/install-hook.ts";
import { openLab } from "../lab/lab.ts";
import { start } from "./guests.ts";
import { heading, inGuest, on, virsh } from "./stage.ts";

const NIC = { type: "bridge", bridge: "br0", vlan: 20 } as const;
const FILES = {
  name: "files20",
  nic: NIC,
  boot: "ip link set eth0 up; ip addr add 10.0.20.11/24 dev eth0",
} as const;
const FIREWALL = {
  name: "fw1",
  nic: { type: "bridge", bridge: "br0", trunk: ["20-21"], native: 10 },
  boot: `ip link set eth0 up; ip link add link eth0 name eth0.20 type vlan id 20
    ip link set eth0.20 up; ip addr add 10.0.20.1/24 dev eth0.20`,
} as const;

/** A file server on an access port and a firewall on a trunk, ports of one VLAN-filtering bridge. */
export const bridgeAct = async (): Promise<void> => {
  const lab = await openLab(["vlan-filtering", "libvirt"]);
  try {
    const kernel = lab.mode === "uml" ? "user-mode kernel: this one cannot filter VLANs" : lab.mode;
    heading(`Guests on one VLAN-filtering bridge (${kernel})`);
    const host = await lab.machine("host");
    await installHook(host);
    await on(host, "ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 && ip link set br0 up");
    const libvirt = await host.libvirt();
    await start(libvirt, FILES);
    await start(libvirt, FIREWALL);
    await on(host, "bridge vlan");
    for (const { name } of [FILES, FIREWALL]) await libvirt.guest(name).ready();
    await inGuest(libvirt, "files20", "ping -c 1 10.0.20.1 | head -2");
    await virsh(libvirt, "destroy", "fw1");
    await on(host, "bridge vlan");
  } finally {
    await lab.close();
  }
};
