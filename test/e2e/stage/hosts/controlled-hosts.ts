import type { Ability } from "../../../lab/abilities.ts";
import { type Lab, type Machine, openLab } from "../../../lab/lab.ts";
import { allowSsh } from "./sshd.ts";

/** Hosts, each on a cable of its own, and the machine whose root reaches them by ssh, each by its name. */
export interface ControlledHosts {
  readonly lab: Lab;
  readonly controller: Machine;
  readonly hosts: readonly Machine[];
}

/** Opens a lab with a controller `c` and hosts of these names. */
export const openControlledHosts = async (
  needs: readonly Ability[],
  names: readonly string[],
): Promise<ControlledHosts> => {
  const lab = await openLab(needs);
  const controller = await lab.machine("c");
  const hosts: Machine[] = [];
  for (const name of names) {
    const host = await lab.machine(name);
    const at = String(hosts.push(host));
    await lab.wire(controller, `up${at}`, host, "up0");
    await host.sh(
      `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; ip addr add 10.0.${at}.2/24 dev up0`,
    );
    await controller.sh(`ip addr add 10.0.${at}.1/24 dev up${at}`);
  }
  await allowSsh(
    controller,
    hosts.map((to, at) => ({ to, address: `10.0.${String(at + 1)}.2` })),
  );
  return { lab, controller, hosts };
};
