import { Argument, InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { SYSTEM } from "../../run/virsh.ts";
import { usageError } from "../../values/failure.ts";
import type { ColourWhen } from "./colour.ts";
import { colourOption } from "./colour-option.ts";
import { type GivenHosts, hostOptions, onHosts } from "./hosts/host-options.ts";

interface Connect {
  readonly connect: string;
}

interface PlanOptions extends Connect, GivenHosts {
  readonly json: boolean;
  readonly color: ColourWhen;
}

interface ApplyOptions extends Connect, GivenHosts {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly color: ColourWhen;
}

const toSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 0.5 && seconds <= 3600))
    throw new InvalidArgumentError("It must be seconds, from 0.5 to 3600.");
  return seconds;
};

/** `--connect URI`, for all commands that ask libvirt. */
export const connectOption = (): Option =>
  new Option("-c, --connect <uri>", "libvirt connection URI").default(SYSTEM);

/** `[guest...]`, for all commands that look at running guests. */
export const guestsArgument = (): Argument =>
  new Argument("[guest...]", "names of running guests").default(undefined, "all");

const forGuests = (program: DocumentedCommand, name: string): DocumentedCommand =>
  program.command(name).addArgument(guestsArgument()).addOption(connectOption());

/** Adds `guestnet status`. */
export const addStatus = (program: DocumentedCommand): void => {
  hostOptions(forGuests(program, "status"))
    .summary("show the state of every NIC")
    .description(
      "Show for each NIC of running guests whether the kernel matches the guest's metadata, and whether the guest is active. Works for one host or several.",
    )
    .addOption(
      new Option("--format <name>", "output format").choices(["table", "json", "csv"]).default("table"),
    )
    .addOption(new Option("--json", "same as --format json").conflicts("format"))
    .addOption(
      new Option("--prometheus", "print metrics for the node exporter's textfile collector").conflicts([
        "json",
        "format",
      ]),
    )
    .addOption(colourOption())
    .addOption(
      new Option("-w, --watch [seconds]", "refresh every SECONDS")
        .argParser(toSeconds)
        .default(undefined, "2"),
    )
    .examples(
      ["guestnet status", "all running guests"],
      ["guestnet status web1 --watch", "one guest, every two seconds"],
      ["guestnet status --hosts hosts.txt", "several hosts, and conflicts"],
      ["guestnet status --format csv > status.csv"],
      [`guestnet status --json | jq '.guests[].nics[] | select(.state != "ok")'`],
      ["guestnet status --prometheus > /var/lib/node-exporter/guestnet.prom"],
      ["guestnet status --host qemu:///system --host qemu+ssh://root@host2/system"],
    )
    .exitCodes(
      ["0", "every NIC is as its guest's metadata requires"],
      ["1", "the state could not be read, or a host does not answer"],
      ["2", "drift or a conflict"],
    )
    .action(
      async (
        names: readonly string[],
        options: Connect &
          GivenHosts & {
            readonly format: "table" | "json" | "csv";
            readonly color: ColourWhen;
            readonly json?: boolean;
            readonly prometheus?: boolean;
            readonly watch?: number | true;
          },
      ) => {
        const { connect: uri, json = false, prometheus = false, watch, color } = options;
        const format = json ? "json" : prometheus ? "prometheus" : options.format;
        const how = { format, color, watch: watch === true ? 2 : (watch ?? null) } as const;
        process.exitCode = await onHosts(
          options,
          async () => (await import("./status/status.ts")).statusCommand(names, { uri, ...how }),
          async (hosts) =>
            (await import("./status/status-hosts.ts")).statusOfHosts(names, { ...hosts, ...how }),
        );
      },
    );
};

/** Adds `guestnet plan` and `apply`. */
export const addRepair = (program: DocumentedCommand): void => {
  const planned = async (names: readonly string[], options: PlanOptions): Promise<0 | 1 | 2> => {
    const { connect: uri, json, color } = options;
    return onHosts<0 | 1 | 2>(
      options,
      async () => (await import("./plan/plan.ts")).planCommand(names, { uri, json }),
      async (hosts) => (await import("./plan/plan-hosts.ts")).planOfHosts(names, { ...hosts, json, color }),
    );
  };
  hostOptions(forGuests(program, "plan"), 30)
    .summary("show the commands that apply would run")
    .description("Show the commands that apply would run, each with its reason. Nothing is changed.")
    .examples(
      ["guestnet plan", "all running guests"],
      ["guestnet plan web1"],
      ["guestnet plan --hosts hosts.txt", "several hosts"],
      ["guestnet plan --json | jq -r '.nics[].commands[].command'"],
    )
    .exitCodes(["0", "nothing to do"], ["1", "the state could not be found out"], ["2", "something to do"])
    .option("--json", "print JSON", false)
    .addOption(colourOption())
    .action(async (names: readonly string[], options: PlanOptions) => {
      process.exitCode = await planned(names, options);
    });
  hostOptions(forGuests(program, "apply"), 60)
    .summary("repair the network of running guests")
    .description(
      "Repair the network of running guests: make the kernel match the guests' metadata. On a terminal, ask first.",
    )
    .option("-y, --yes", "do not ask; required without a terminal", false)
    .option("--dry-run", "show the commands only, as plan does", false)
    .examples(
      ["guestnet apply", "show the commands, ask, and run them"],
      ["guestnet apply --yes web1", "repair one guest without asking"],
      ["guestnet apply --hosts hosts.txt", "several hosts"],
    )
    .exitCodes(
      ["0", "nothing is left to do"],
      ["1", "something could not be repaired"],
      ["2", "the answer was not yes; with --dry-run as plan"],
    )
    .addOption(colourOption())
    .action(async (names: readonly string[], options: ApplyOptions) => {
      const { connect: uri, yes, dryRun, color } = options;
      if (dryRun) {
        process.exitCode = await planned(names, { ...options, json: false });
        return;
      }
      if (!yes && !process.stdin.isTTY)
        throw usageError("apply requires --yes without a terminal", "guestnet plan; guestnet apply --yes");
      process.exitCode = await onHosts<0 | 1 | 2>(
        options,
        async () => (await import("./plan/apply.ts")).applyCommand(names, { uri, yes }),
        async (hosts) =>
          (await import("./plan/apply-hosts.ts")).applyToHosts(names, { ...hosts, yes, color }),
      );
    });
};
