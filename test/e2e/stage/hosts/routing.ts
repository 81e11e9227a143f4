import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Machine } from "../../../lab/lab.ts";

/** The routing daemons that templates/ has a configuration for. */
export type RoutingDaemon = "BIRD 2" | "FRR";
export const ROUTING_DAEMONS = ["BIRD 2", "FRR"] as const satisfies readonly RoutingDaemon[];

/** How each is started once its configuration is there: what their units do (bird.service, frr.service). */
export const START_COMMANDS: Readonly<Record<RoutingDaemon, string>> = {
  "BIRD 2": "mkdir -p /run/bird; bird -c /etc/bird/bird.conf",
  FRR: `install -d -o frr -g frr /run/frr /var/run/frr; chown frr:frr /etc/frr/frr.conf
    /usr/lib/frr/zebra -d -f /etc/frr/frr.conf; /usr/lib/frr/bgpd -d -f /etc/frr/frr.conf`,
};

const FILES: Readonly<Record<RoutingDaemon, string>> = { "BIRD 2": "bird/bird.conf", FRR: "frr/frr.conf" };

/** Starts a routing daemon on a host, with the configuration that we ship. */
export const startRouting = async (host: Machine, daemon: RoutingDaemon): Promise<void> => {
  const file = FILES[daemon];
  await host.writeFile(`/etc/${file}`, readFileSync(`templates/${basename(file)}`, "utf8"), 0o640);
  await host.sh(START_COMMANDS[daemon]);
};
