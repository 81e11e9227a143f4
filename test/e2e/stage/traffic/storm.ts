// A neighbour in VLAN 1 that never stops shouting, on a bridge where each new port is in VLAN 1 until the hook has run.
import { bootable } from "../guest/generate.ts";
import type { Machine } from "../../../lab/lab.ts";
import type { TwoBridges } from "../hosts/two-bridges.ts";

/** Connects the neighbour to br1. */
export const addNeighbour = (host: Machine): Promise<string> =>
  host.sh(`
    ip link add noise type veth peer name noise-br; ip link set noise-br master br1; ip link set noise-br up
    ip addr add 10.9.9.1/24 dev noise; ip link set noise up`);

/** Starts a guest with so many NICs while the neighbour shouts. @returns how many frames its system has been given */
export const framesHeard = async (on: TwoBridges, name: string, nics: number): Promise<number> => {
  const interfaces = Array.from({ length: nics }, () => ({
    type: "bridge",
    bridge: "br1",
    vlan: 20,
    isolated: true,
  }));
  const up = "for i in /sys/class/net/eth*; do ip link set ${i##*/} up; done; sleep 1";
  const { code, stderr } = await on.libvirt.define(bootable(name, interfaces, up));
  if (code !== 0) throw new Error(stderr);
  const shouting = await on.host.background(["ping", "-q", "-b", "-i", "0.02", "10.9.9.255"]);
  await on.virsh("start", name);
  const guest = on.libvirt.guest(name);
  await guest.ready();
  const { stdout } = await guest.sh("cat /sys/class/net/eth*/statistics/rx_packets");
  const shouted = Number(/(\d+) packets transmitted/.exec((await shouting.stop()).stdout)?.[1]);
  await on.virsh("destroy", name);
  if (!(shouted > 50)) throw new Error(`the neighbour has shouted ${String(shouted)} times only`);
  const heard = stdout.trim().split("\n").map(Number);
  if (heard.length !== nics)
    throw new Error(`the guest knows ${String(heard.length)} of ${String(nics)} NICs`);
  return heard.reduce((sum, frames) => sum + frames, 0);
};
