import { type Command, InvalidArgumentError, Option } from "commander";
import { SYSTEM } from "../host/virsh.ts";

const STATUS_EXAMPLES = `
Examples:
  guestnet status                   all running guests
  guestnet status web1 --watch      one, every two seconds
  guestnet status --json | jq '.guests[].nics[] | select(.state != "ok")'
  guestnet status --prometheus > /var/lib/prometheus/node-exporter/guestnet.prom

Exit codes: 0 all is as it should be, 1 something is not.`;

const PLAN_EXAMPLES = `
Examples:
  guestnet plan                     what apply would run, with the reason of each command

Exit codes: 0 nothing to do, 2 there are changes, 1 something is wrong that apply does not mend.`;

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

const forGuests = (program: Command, name: string): Command =>
  program
    .command(name)
    .argument("[guest...]", "names of running guests (default: all)")
    .addOption(connectOption());

/** Adds `guestnet status`, `plan` and `apply`. */
export const addSurvey = (program: Command): void => {
  forGuests(program, "status")
    .description(
      "Shows for each NIC of running guests whether it is what the guest's metadata wants, and whether the guest is heard.",
    )
    .summary("show each NIC: what should be, what is, and whether the guest is heard")
    .option("--json", "as JSON")
    .addOption(new Option("--prometheus", "for the node exporter's textfile collector").conflicts("json"))
    .option("-w, --watch [seconds]", "again and again, every two seconds if not told", toSeconds)
    .addHelpText("after", STATUS_EXAMPLES)
    .action(
      async (
        names: readonly string[],
        options: Connect & {
          readonly json?: boolean;
          readonly prometheus?: boolean;
          readonly watch?: number | true;
        },
      ) => {
        const { connect, json = false, prometheus = false, watch } = options;
        const { statusCommand } = await import("./status/status.ts");
        process.exitCode = await statusCommand(names, {
          uri: connect,
          format: json ? "json" : prometheus ? "prometheus" : "table",
          watch: watch === true ? 2 : (watch ?? null),
        });
      },
    );
  forGuests(program, "plan")
    .description("Shows what apply would do, as commands with the reason of each. Changes nothing.")
    .summary("show what apply would do")
    .addHelpText("after", PLAN_EXAMPLES)
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
    .addHelpText("after", APPLY_EXAMPLES)
    .action(async (names: readonly string[], { connect, yes }: Connect & { readonly yes: boolean }) => {
      const { applyCommand } = await import("./plan/apply.ts");
      process.exitCode = await applyCommand(names, { uri: connect, yes });
    });
};
