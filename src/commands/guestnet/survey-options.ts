import { InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { SYSTEM } from "../../run/virsh.ts";
import type { HostUri } from "../../run/host-uri.ts";
import { good } from "../../values/result.ts";
import { hostOptions, readHosts } from "./hosts/host-options.ts";

const STATUS_EXAMPLES = `
Examples:
  guestnet status                   all running guests
  guestnet status web1 --watch      one, every two seconds
  guestnet status --json | jq '.guests[].nics[] | select(.state != "ok")'
  guestnet status --prometheus > /var/lib/prometheus/node-exporter/guestnet.prom
  guestnet status --host qemu:///system --host qemu+ssh://root@host2/system
  guestnet status --hosts hosts.txt several hosts in one table, and conflicts between them

Exit codes: 0 as wanted, 2 drift or a conflict, 1 it could not be found out (a host that does not answer included).`;

const PLAN_EXAMPLES = `
Examples:
  guestnet plan                     what apply would run, with the reason of each command

Exit codes: 0 nothing to do, 2 something to do, 1 it could not be found out.`;

const APPLY_EXAMPLES = `
Examples:
  guestnet apply                    shows the commands, asks, and runs them
  guestnet apply --yes web1         for one guest, without asking`;

interface Connect {
  readonly connect: string;
}

const toSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 0.5 && seconds <= 3600))
    throw new InvalidArgumentError("It must be seconds, from 0.5 to 3600.");
  return seconds;
};

/** `--connect URI`, for all commands that ask libvirt. */
export const connectOption = (): Option =>
  new Option("-c, --connect <uri>", "the libvirt whose guests they are").default(SYSTEM);

const forGuests = (program: DocumentedCommand, name: string): DocumentedCommand =>
  program
    .command(name)
    .argument("[guest...]", "names of running guests (default: all)")
    .addOption(connectOption());

/** Adds `guestnet status`, `plan` and `apply`. */
export const addSurvey = (program: DocumentedCommand): void => {
  hostOptions(forGuests(program, "status"))
    .description(
      "Shows for each NIC of running guests whether it is what the guest's metadata wants, and whether the guest is heard: on this host, or on several at once.",
    )
    .summary("show each NIC: what should be, what is, and whether the guest is heard")
    .option("--json", "as JSON")
    .addOption(new Option("--prometheus", "for the node exporter's textfile collector").conflicts("json"))
    .option("-w, --watch [seconds]", "again and again, every two seconds if not told", toSeconds)
    .endHelpWith(STATUS_EXAMPLES)
    .action(
      async (
        names: readonly string[],
        options: Connect & {
          readonly json?: boolean;
          readonly prometheus?: boolean;
          readonly watch?: number | true;
          readonly host?: readonly HostUri[];
          readonly hosts?: string;
          readonly timeout: number;
        },
      ) => {
        const { connect, json = false, prometheus = false, watch, host, hosts, timeout } = options;
        const format = json ? "json" : prometheus ? "prometheus" : "table";
        const how = { format, watch: watch === true ? 2 : (watch ?? null) } as const;
        const read = hosts === undefined ? good(host) : readHosts(hosts);
        if (!read.ok) {
          process.stderr.write(`${read.problems.join("\n")}\n`);
          process.exitCode = 1;
        } else if (read.value === undefined) {
          const { statusCommand } = await import("./status/status.ts");
          process.exitCode = await statusCommand(names, { uri: connect, ...how });
        } else {
          const { statusOfHosts } = await import("./status/status-hosts.ts");
          process.exitCode = await statusOfHosts(names, { uris: read.value, timeout, ...how });
        }
      },
    );
  forGuests(program, "plan")
    .description("Shows what apply would do, as commands with the reason of each. Changes nothing.")
    .summary("show what apply would do")
    .endHelpWith(PLAN_EXAMPLES)
    .action(async (names: readonly string[], { connect }: Connect) => {
      const { planCommand } = await import("./plan/plan.ts");
      process.exitCode = await planCommand(names, connect);
    });
  forGuests(program, "apply")
    .description(
      "Makes the network of running guests what their metadata wants, after something has changed it. Asks first on a terminal.",
    )
    .summary("repair the network of running guests")
    .option("-y, --yes", "do not ask", false)
    .endHelpWith(APPLY_EXAMPLES)
    .action(async (names: readonly string[], { connect, yes }: Connect & { readonly yes: boolean }) => {
      const { applyCommand } = await import("./plan/apply.ts");
      process.exitCode = await applyCommand(names, { uri: connect, yes });
    });
};
