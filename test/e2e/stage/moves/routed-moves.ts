import { expect } from "@jest/globals";
import { startCapture } from "../traffic/capture.ts";
import { nothingLeft, PINGED, routedTo } from "./moving-guest.ts";
import { type Pinged, pingDuring } from "../traffic/pinged.ts";
import { type LabHost, migrate, type TwoHosts } from "../hosts/two-hosts.ts";
import { until } from "../until.ts";

/**
 * What tcpdump saw on the destination's tap: pings that went there before the first frame came from it, and the seconds from that
 * frame, with which QEMU takes over, to the first ping.
 */
const onDestination = (seen: string): { readonly before: readonly string[]; readonly delay: number } => {
  const onTap = seen.split("\n").filter((line) => /^\S+ dns1-0\b/.test(line));
  const isPing = (line: string): boolean => /dns1-0 +Out .*echo request/.test(line);
  const runs = onTap.findIndex((line) => !/dns1-0 +Out\b/.test(line));
  const [first, ping] = [onTap[runs], onTap.slice(runs).find(isPing)];
  if (first === undefined || ping === undefined) throw new Error(`the guest has not come: ${seen}`);
  return {
    before: onTap.slice(0, runs).filter(isPing),
    delay: Number.parseFloat(ping) - Number.parseFloat(first),
  };
};

/** A move as the router saw it. */
export interface Move {
  readonly pinged: readonly Pinged[];
  readonly onDestination: ReturnType<typeof onDestination>;
}

/** Moves the guest dns1, which the router pings meanwhile. */
export const moveRouted = async (two: TwoHosts, from: LabHost, to: LabHost): Promise<Move> => {
  const dump = await to.machine.background(["tcpdump", "-lntti", "any", "--immediate-mode", "not tcp"]);
  const { pinged } = await pingDuring(two.middle, PINGED, async () => {
    const moved = await migrate("dns1", from, to, "--persistent", "--undefinesource");
    expect(moved).toMatchObject({ code: 0, stderr: "" });
    await routedTo(two, to);
    await nothingLeft(from);
  });
  return { pinged, onDestination: onDestination((await dump.stop()).stdout) };
};

/** The seconds from a route that is added on a host by hand to the first of the router's pings, 20 in a second, that comes by it. */
export const byHand = async ({ middle }: TwoHosts, { machine }: LabHost): Promise<number> => {
  await machine.sh(`
    ip link add hand0 type veth peer name hand1; sysctl -qw net.ipv6.conf.hand0.disable_ipv6=1
    ip link set hand1 up; ip link set hand0 up
    ip neigh replace 192.0.2.99 lladdr 02:00:00:00:00:99 dev hand0 nud permanent`);
  const capture = await startCapture(machine, "hand0", "-tt icmp");
  // Without any route ping would end.
  await middle.sh("ip route add 192.0.2.96/28 dev sw0");
  const ping = await middle.background(["ping", "-i", "0.05", "192.0.2.99"]);
  await middle.sh("sleep 0.5");
  const added = Number(await machine.sh("date +%s.%N; ip route add 192.0.2.99/32 dev hand0 proto 76"));
  await until(machine, "[ $(cat /sys/class/net/hand0/statistics/tx_packets) != 0 ]");
  await ping.stop();
  const [first = ""] = await capture.stop();
  await machine.sh("ip link del hand0");
  await middle.sh("ip route del 192.0.2.96/28");
  await until(middle, "! ip route show 192.0.2.99 | grep .");
  const delay = Number.parseFloat(first) - added;
  expect(delay).toBeGreaterThan(0);
  return delay;
};
