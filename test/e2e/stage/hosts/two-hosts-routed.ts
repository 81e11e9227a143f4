import type { Ability, Machine } from "../../../lab/lab.ts";
import { type RoutingDaemon, startRouting } from "./routing.ts";
import { openTwoHosts, type TwoHosts } from "./two-hosts.ts";
import { becomes } from "../until.ts";

export const ROUTED_NEEDS = ["nft-inet", "libvirt"] as const satisfies readonly Ability[];

const neighbours = [2, 3]
  .map(
    (host) => `
protocol bgp { local as 64511; neighbor 198.51.100.${String(host)} as 64512; connect delay time 1; connect retry time 2; error wait time 1, 2; ipv4 { import all; export all; }; }
protocol bgp { local as 64511; neighbor 2001:db8:ff::${String(host)} as 64512; connect delay time 1; connect retry time 2; error wait time 1, 2; ipv6 { import all; export all; }; }`,
  )
  .join("");

/** The router upstream of both: takes what they announce, passes it on to the other one, and gives them a default route. */
const ROUTER = `
router id 198.51.100.1;
protocol device { scan time 1; }
protocol kernel { ipv4 { export where source = RTS_BGP; }; }
protocol kernel { ipv6 { export where source = RTS_BGP; }; }
protocol static { ipv4; route 0.0.0.0/0 unreachable; }
protocol static { ipv6; route ::/0 unreachable; }
${neighbours}
`;

/**
 * Two hosts and the machine `router`, on one network: 198.51.100.1 and 2001:db8:ff::1 are the router's, .2 and ::2 those of h1,
 * .3 and ::3 those of h2. The hosts announce their guests to the router with the daemon, as templates/ configures it.
 */
export const openRouted = async (
  daemon: RoutingDaemon | null,
  needs: readonly Ability[] = ROUTED_NEEDS,
): Promise<TwoHosts> => {
  const addresses = async (machine: Machine, dev: string, number: number): Promise<unknown> =>
    machine.sh(`
      sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip addr add 198.51.100.${String(number)}/24 dev ${dev}; ip addr add 2001:db8:ff::${String(number)}/64 dev ${dev} nodad`);
  const two = await openTwoHosts(needs, "router", (host) =>
    addresses(host, "up0", host.name === "h1" ? 2 : 3),
  );
  await addresses(two.middle, "sw0", 1);
  await two.middle.writeFile("/etc/bird/router.conf", ROUTER);
  await two.middle.sh("mkdir -p /run/bird; bird -c /etc/bird/router.conf");
  if (daemon !== null) for (const { machine } of [two.h1, two.h2]) await startRouting(machine, daemon);
  return two;
};

/** Waits until the router's routes to guests are these. */
export const routesAre = async ({ middle }: TwoHosts, expected: readonly string[]): Promise<void> => {
  const list = "{ ip route show proto bird; ip -6 route show proto bird; } | sed 's/ dev .*//' | sort";
  await becomes(
    () => middle.sh(list),
    expected
      .toSorted()
      .map((line) => `${line}\n`)
      .join(""),
  );
};
