// Hosts whose bridges are joined by VXLAN, over an IP network without VLANs, as genxml makes them of host.json.
import { expect } from "@jest/globals";
import { type Ability, type Lab, type Machine, openLab } from "../../../lab/lab.ts";
import { bare } from "../guest/generate.ts";
import { hostFiles } from "../host/host-files.ts";
import { installHook } from "../host/install-hook.ts";
import { until } from "../until.ts";

export const OVERLAY_NEEDS = ["vlan-filtering", "vxlan", "nft-bridge"] as const satisfies readonly Ability[];

/** Where a host's frames travel from. */
export const underlayAddress = (family: "ipv4" | "ipv6", number: number): string =>
  family === "ipv6" ? `2001:db8:ffff::1${String(number)}` : `198.51.100.1${String(number)}`;

/** A host.json: VLAN 20 has a VNI and travels, VLAN 30 has none. */
export const overlaySite = (number: number, vxlan: object, mtu = 1570): object => ({
  name: `kvm${String(number)}`,
  bridges: {
    br0: {
      vlans: { servers: 20, dmz: 30 },
      vxlan: { local: underlayAddress("ipv6", number), vnis: { servers: 1020 }, ...vxlan },
    },
  },
  interfaces: {
    up0: {
      addresses: [`${underlayAddress("ipv6", number)}/64`, `${underlayAddress("ipv4", number)}/24`],
      mtu,
    },
  },
});

/** Runs the script that genxml writes for a host.json. */
export const applySite = async (machine: Machine, site: object): Promise<void> => {
  await machine.writeFile(
    "/run/guestnet-host",
    hostFiles("iproute2", site).get("/usr/local/sbin/guestnet-host") ?? "",
  );
  expect(await machine.sh("sh /run/guestnet-host 2>&1")).toBe("");
};

/** What a host of the lab runs first: its addresses are usable at once. */
export const READY =
  "ip link set lo up; sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0";

/** Three hosts with an underlay. */
export interface Overlay {
  readonly lab: Lab;
  readonly h1: Machine;
  readonly h2: Machine;
  readonly h3: Machine;
}

/** Starts hosts whose underlay interfaces `up0` are joined by a switch. */
export const openOverlay = async (needs: readonly Ability[]): Promise<Overlay> => {
  const lab = await openLab(needs);
  const underlay = await lab.machine("underlay");
  await underlay.sh("ip link add sw0 type bridge mcast_snooping 0; ip link set sw0 up");
  const open = async (name: string): Promise<Machine> => {
    const machine = await lab.machine(name);
    await machine.sh(READY);
    await installHook(machine);
    await lab.wire(machine, "up0", underlay, name);
    await underlay.sh(`ip link set ${name} mtu 9000 master sw0`);
    return machine;
  };
  return { lab, h1: await open("h1"), h2: await open("h2"), h3: await open("h3") };
};

/** One call of the hook for a guest with one NIC, whose tap is `NAME-0`. */
export const callHook = async (
  machine: Machine,
  operation: string,
  name: string,
  nic: object,
): Promise<void> => {
  const argv = ["/etc/libvirt/hooks/qemu", name, operation, "begin", "-"];
  const stdin = bare(name, [{ type: "bridge", bridge: "br0", ...nic }]);
  expect(await machine.run(argv, { stdin })).toMatchObject({ code: 0, stderr: "" });
};

/** A stand-in for a guest: a net namespace behind a port, which the hook sets as that of a guest that starts. */
export interface StandIn {
  readonly name: string;
  readonly mac: string;
  readonly address: string;
  readonly nic: object;
}

/** Makes the namespace and its port, as libvirt makes a tap. */
export const plugIn = (machine: Machine, { name, mac, address }: StandIn): Promise<string> =>
  machine.sh(`
    ip netns add ${name}; ip link add eth0 address ${mac} netns ${name} type veth peer name ${name}-0
    ip netns exec ${name} sysctl -qw net.ipv6.conf.all.disable_ipv6=1
    ip -n ${name} address add ${address}/24 dev eth0; ip -n ${name} link set eth0 up
    ip link set ${name}-0 master br0 up`);

/** Starts it on a host. */
export const startStandIn = async (host: Machine, guest: StandIn): Promise<void> => {
  await plugIn(host, guest);
  await callHook(host, "start", guest.name, { mac: guest.mac, ...guest.nic });
};

const ping = (guest: string, to: string, options = ""): string =>
  `ip netns exec ${guest} ping -c 1 -W 1 ${options} ${to}`;

/** Waits until it is answered from there. */
export const reaches = (machine: Machine, { name }: StandIn, to: string, options?: string): Promise<void> =>
  until(machine, ping(name, to, options));

/** Whether it is answered from there: asked once, for a second. */
export const pings = async (
  machine: Machine,
  { name }: StandIn,
  to: string,
  options?: string,
): Promise<boolean> => (await machine.run(["sh", "-c", ping(name, to, options)])).code === 0;

/** Sends a frame out of its interface, byte by byte. */
export const sendsFrames = async (
  machine: Machine,
  { name }: StandIn,
  frames: readonly (readonly number[])[],
): Promise<void> => {
  for (const frame of frames) {
    const text = Buffer.from(frame).toString("base64");
    await machine.sh(`echo ${text} | base64 -d | ip netns exec ${name} socat -u - INTERFACE:eth0`);
  }
};

/** The frames inside what tcpdump has printed of VXLAN: `VNI SOURCE`. */
export const insideOf = (lines: readonly string[]): readonly string[] => {
  const found = lines.join("\n").matchAll(/VXLAN, flags \[I\] \(0x08\), vni (\d+)\n(\S+) > /g);
  return [...new Set([...found].map(([, vni = "", source = ""]) => `${vni} ${source}`))].sort();
};
