import { preferredEngine } from "../../../lab/engines.ts";
import { type Ability, type Lab, type Libvirt, type Machine, openLab } from "../../../lab/lab.ts";
import { installHook } from "./install-hook.ts";

/** A host that forwards, with our hook and libvirt, whose uplink `up0` ends at `eth0` of the machine upstream. */
export interface RoutedHost {
  readonly lab: Lab;
  readonly host: Machine;
  readonly upstream: Machine;
  readonly libvirt: Libvirt;
}

/** The host's side of the network between the two, 198.51.100.0/24 and 2001:db8:ff::/64, which no guest is in. */
export const HOST_ADDRESSES =
  "ip addr add 198.51.100.2/24 dev up0; ip addr add 2001:db8:ff::2/64 dev up0 nodad";
/** Upstream's side. */
export const UPSTREAM_ADDRESSES =
  "ip addr add 198.51.100.1/24 dev eth0; ip addr add 2001:db8:ff::1/64 dev eth0 nodad";
/** What upstream sends to the host. */
export const ROUTES_TO_GUESTS = `
  ip route add 192.0.2.0/24 via 198.51.100.2
  ip -6 route add 2001:db8::/48 via 2001:db8:ff::2; ip -6 route add 2001:db8:53::/48 via 2001:db8:ff::2`;

/** The host's default routes, in a table or VRF when one is named. */
export const defaultRoutes = (where = ""): string =>
  `ip route add default via 198.51.100.1 ${where}; ip -6 route add default via 2001:db8:ff::1 ${where}`;

/** The two of them, and what each runs first: by default guests are routed there, from a network between the two. */
export const openRoutedHost = async (
  needs: readonly Ability[],
  {
    onHost = `${HOST_ADDRESSES}; ${defaultRoutes()}`,
    upstream: onUpstream = `${UPSTREAM_ADDRESSES}; ${ROUTES_TO_GUESTS}`,
    engine = preferredEngine(),
  } = {},
): Promise<RoutedHost> => {
  const lab = await openLab(needs);
  const host = await lab.machine("host");
  const upstream = await lab.machine("upstream");
  // The link-local addresses are there at once, not a second into the test.
  for (const machine of [host, upstream])
    await machine.sh("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
  await lab.wire(host, "up0", upstream, "eth0");
  await host.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1\n${onHost}`);
  await upstream.sh(onUpstream);
  await installHook(host, engine);
  return { lab, host, upstream, libvirt: await host.libvirt() };
};
