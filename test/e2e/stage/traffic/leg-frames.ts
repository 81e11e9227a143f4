// Which frames come to a guest's port and which leave it, as a switch with a leg in each VLAN sees them.
import type { Guest, Machine } from "../../../lab/lab.ts";
import { capture, startCapture } from "./capture.ts";
import { arp, ethernet, tag } from "./frame.ts";
import { sendFrames } from "./send-frames.ts";

/** A device of the switch and what it is called in addresses, `10.NUMBER.VLAN.1`. */
export interface Cable {
  readonly device: string;
  readonly number: number;
  /** The VLAN that the host takes its untagged frames for. */
  readonly untagged: number;
  readonly tagged: readonly number[];
}

const network = ({ number }: Cable, vid: number): string => `10.${String(number)}.${String(vid)}`;
const ARP = "'(arp or (vlan and arp))'";

/** Commands that give the switch a leg in each VLAN of a cable. */
export const legs = (cable: Cable): string => {
  const { device, untagged, tagged } = cable;
  const own = `ip addr add ${network(cable, untagged)}.1/24 dev ${device}`;
  const subs = tagged.map((vid) => {
    const sub = `${device}.${String(vid)}`;
    return `ip link add link ${device} name ${sub} type vlan id ${String(vid)}; ip link set ${sub} up
      ip addr add ${network(cable, vid)}.1/24 dev ${sub}`;
  });
  return [own, ...subs].join("\n");
};

/**
 * Has the switch send broadcasts in all VLANs of some cables.
 *
 * @returns how each of them that comes to the guest's side of these ports looks there: `untagged of VLAN 20`, `tagged 30 of VLAN 30`
 */
export const heardAt = async (
  host: Machine,
  ports: readonly string[],
  physical: Machine,
  cables: readonly Cable[],
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const captures = [];
  for (const port of ports)
    captures.push({ port, started: await startCapture(host, port, `-t -Q out ${ARP}`) });
  // These addresses are free: each question is a broadcast in its VLAN.
  const free = cables.flatMap((cable) =>
    [cable.untagged, ...cable.tagged].map((vid) => `${network(cable, vid)}.77`),
  );
  await physical.sh(`for to in ${free.join(" ")}; do ping -c 2 -W 1 $to & done; wait`);
  const heard: Record<string, readonly string[]> = {};
  for (const { port, started } of captures) {
    const all = (await started.stop()).flatMap((line) => {
      const vlan = /who-has 10\.\d+\.(\d+)\.77 /.exec(line)?.[1];
      const tagged = /vlan (\d+),/.exec(line)?.[1];
      return vlan === undefined
        ? []
        : [`${tagged === undefined ? "untagged" : `tagged ${tagged}`} of VLAN ${vlan}`];
    });
    heard[port] = [...new Set(all)].sort();
  }
  return heard;
};

/** A NIC as the guest has it. */
export interface GuestNic {
  readonly guest: Guest;
  readonly device: string;
  readonly mac: string;
}

/**
 * Has a guest send a frame without a tag, and one with each of these.
 *
 * @param source the address that the frames come from, where it is not the NIC's own
 * @returns in which VLAN each of them that arrives leaves the host: `untagged in VLAN 20`
 */
export const sentBy = async (
  { guest, device, mac }: GuestNic,
  tags: readonly number[],
  physical: Machine,
  cable: Cable,
  source = mac,
): Promise<readonly string[]> => {
  const asks = (vid: number) => arp(1, source, "10.99.0.1", `10.99.0.${String(vid)}`);
  const frames = [ethernet(source, asks(0)), ...tags.map((vid) => ethernet(source, tag(vid, asks(vid))))];
  const lines = await capture(physical, cable.device, `ether src ${source} and ${ARP}`, () =>
    sendFrames(guest, device, frames),
  );
  const seen = lines.map((line) => {
    const sent = /who-has 10\.99\.0\.(\d+) /.exec(line)?.[1] ?? line;
    const vlan = /vlan (\d+),/.exec(line)?.[1] ?? String(cable.untagged);
    return `${sent === "0" ? "untagged" : `tagged ${sent}`} in VLAN ${vlan}`;
  });
  return seen.sort();
};
