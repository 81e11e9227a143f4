import type { Ability } from "../../../lab/abilities.ts";
import { type Lab, type Machine, openLab } from "../../../lab/lab.ts";
import { allowSsh } from "./sshd.ts";

export const PEER_NEEDS = ["nft-inet", "libvirt"] as const;

/** Two hosts on a cable; `root` of h1 reaches h2 by ssh. */
export interface TwoPeers {
  readonly lab: Lab;
  readonly h1: Machine;
  readonly h2: Machine;
}

/** @param needs abilities of the lab */
export const openTwoPeers = async (needs: readonly Ability[] = PEER_NEEDS): Promise<TwoPeers> => {
  const lab = await openLab(needs);
  const [h1, h2] = [await lab.machine("h1"), await lab.machine("h2")];
  await lab.wire(h1, "up0", h2, "up0");
  for (const [host, address] of [
    [h1, "10.0.0.1"],
    [h2, "10.0.0.2"],
  ] as const) {
    await host.sh(
      `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; ip addr add ${address}/24 dev up0`,
    );
  }
  await allowSsh(h1, [{ to: h2, address: "10.0.0.2" }]);
  return { lab, h1, h2 };
};
