import { readFileSync } from "node:fs";
import type { Machine } from "../lab/lab.ts";

/** The routing daemons that templates/ has a configuration for. */
export type RoutingDaemon = "BIRD 2" | "FRR";
export const ROUTING_DAEMONS = ["BIRD 2", "FRR"] as const satisfies readonly RoutingDaemon[];

const START: Readonly<Record<RoutingDaemon, (host: Machine) => Promise<void>>> = {
  "BIRD 2": async (host) => {
    await host.writeFile("/etc/bird/bird.conf", readFileSync("templates/bird.conf", "utf8"));
    await host.sh("mkdir -p /run/bird; bird -c /etc/bird/bird.conf");
  },
  FRR: async (host) => {
    await host.writeFile("/etc/frr/frr.conf", readFileSync("templates/frr.conf", "utf8"), 0o640);
    await host.sh(`
      install -d -o frr -g frr /run/frr /var/run/frr; chown frr:frr /etc/frr/frr.conf
      /usr/lib/frr/zebra -d -f /etc/frr/frr.conf; /usr/lib/frr/bgpd -d -f /etc/frr/frr.conf`);
  },
};

/** Starts a routing daemon on a host, with the configuration that we ship. */
export const startRouting = (host: Machine, daemon: RoutingDaemon): Promise<void> => START[daemon](host);
