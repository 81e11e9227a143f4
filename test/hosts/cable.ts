import type { Stream } from "../lab/environment/agent.ts";
import type { Host } from "./host.ts";

/** A cable between two hosts. It lasts as long as both are up: after a reboot, connect them again. */
export interface Cable {
  /** The 802.1Q tags that frames on it had: 0 where they had none. */
  readonly vlans: ReadonlySet<number>;
}

/** 802.1Q's EtherType, which is where a frame without a tag has its own. */
const TAGGED = "8100";
const ETHERTYPE_AT = 24;
/** The lower 12 of the 16 bits after it. */
const VLAN_BITS = 0xfff;

const vlanOf = (frame: string): number => {
  const [type, tag] = [ETHERTYPE_AT, ETHERTYPE_AT + 4].map((at) => frame.slice(at, at + 4));
  return type === TAGGED ? Number.parseInt(tag ?? "", 16) & VLAN_BITS : 0;
};

/**
 * Connects the network cards of this number, `eno1` and so on, of two hosts. User Mode Linux has no cards of its own here, so that
 * the other end of a card is in its host's net namespace `far`: this takes each frame from there to the other host.
 */
export const connect = async (one: Host, other: Host, card: number): Promise<Cable> => {
  const vlans = new Set<number>();
  const ends: Stream[] = [];
  const plug = async (from: Host, to: number): Promise<void> => {
    let rest = "";
    let isReady: () => void = () => undefined;
    let isLost: (why: Error) => void = () => undefined;
    const ready = new Promise<void>((resolve, reject) => ([isReady, isLost] = [resolve, reject]));
    const take = (line: string): void => {
      if (line === "ready") {
        isReady();
        return;
      }
      vlans.add(vlanOf(line));
      // The other host may be down, as the host of any cable may.
      void ends[to]?.write(`${line}\n`).catch(() => undefined);
    };
    const tap = `cable${card}`;
    const script = `exec ip netns exec far perl /opt/project/test/hosts/cable.pl ${tap}`;
    const end = await from.stream(["sh", "-c", script], {
      output(data) {
        const lines = (rest + data).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach(take);
      },
      end({ code, stderr }) {
        isLost(new Error(`host ${from.name}: its cable ended with status ${code}: ${stderr}`));
      },
    });
    ends[1 - to] = end;
    await ready;
    // What is far of a card says nothing itself.
    await from.sh(`ip netns exec far sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
      ip -n far link add wire${card} type bridge mcast_snooping 0
      for device in far${card} ${tap}; do ip -n far link set $device master wire${card}; done
      for device in wire${card} ${tap}; do ip -n far link set $device up; done`);
  };
  await plug(one, 1);
  await plug(other, 0);
  return { vlans };
};
