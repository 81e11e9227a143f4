import { Argument, InvalidArgumentError, Option } from "commander";
import { type HostFormat, HOST_FORMATS } from "../../host-network/format-names.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import type { ColourWhen } from "./colour.ts";
import { colourOption } from "./colour-option.ts";
import { type GivenHosts, hostOptions, namedHosts, onHosts } from "./hosts/host-options.ts";
import { connectOption } from "./survey-options.ts";

interface Options {
  readonly connect: string;
  readonly format?: HostFormat;
  readonly remove: readonly string[];
}

interface OfHosts extends GivenHosts {
  readonly color: ColourWhen;
}

interface PlanOptions extends Options, OfHosts {
  readonly json: boolean;
}

const toTimeout = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 5 && seconds <= 3600))
    throw new InvalidArgumentError("It must be seconds, from 5 to 3600.");
  return seconds;
};

const toPath = (text: string, before: readonly string[]): readonly string[] => {
  if (!text.startsWith("/")) throw new InvalidArgumentError("It must be a path that starts with /.");
  return [...before, text];
};

const hostArgument = (): Argument =>
  new Argument("<host.json>", "description of the host; - for standard input");

/** For scripts that name the file in every command of a trial. */
const unusedArgument = (): Argument => new Argument("[host.json]", "not read: there is one trial at a time");

const withFiles = (command: DocumentedCommand): DocumentedCommand =>
  command
    .addOption(connectOption())
    .addOption(
      new Option("--format <name>", "network manager whose files are written")
        .choices(HOST_FORMATS)
        .default(undefined, "the one that this host has"),
    )
    .addOption(
      new Option("--remove <path>", "your own file that configures the same devices; repeatable")
        .argParser(toPath)
        .default([], "none"),
    );

const ending = (command: DocumentedCommand): DocumentedCommand =>
  hostOptions(command.addArgument(unusedArgument()), 180).addOption(colourOption());

/** Adds `guestnet host` with its commands. */
export const addHost = (program: DocumentedCommand): void => {
  const host = program
    .command("host")
    .summary("apply host.json to a host, with automatic rollback")
    .description(
      "Compare a host's network with host.json, and change it by its own network manager. What was changed is put back unless you confirm it.",
    )
    .examples(
      ["guestnet host plan host.json", "show what differs"],
      ["guestnet host try host.json", "apply it for a minute"],
      ["guestnet host confirm", "keep it"],
      ["guestnet host try host.json --hosts hosts.txt"],
    );
  withFiles(hostOptions(host.command("plan").addArgument(hostArgument()), 30))
    .summary("show what try would change")
    .description(
      "Show the files of the network manager that differ from host.json, and what of the running host differs. Nothing is changed.",
    )
    .option("--json", "print JSON", false)
    .addOption(colourOption())
    .examples(
      ["guestnet host plan host.json"],
      ["guestnet host plan host.json --format networkd", "for systemd-networkd"],
    )
    .exitCodes(
      ["0", "nothing to do"],
      ["1", "host.json has errors, or the host could not be read"],
      ["2", "something to do"],
    )
    .action(async (file: string, options: PlanOptions) => {
      const { connect, format = null, remove, json, color } = options;
      const how = { format, remove, json };
      process.exitCode = await onHosts(
        options,
        async () => (await import("./host/plan-host.ts")).hostPlanCommand(file, connect, how),
        async (hosts) =>
          (await import("./host/plan-host.ts")).hostPlanOfHosts(file, { ...hosts, ...how, color }),
      );
    });
  withFiles(namedHosts(host.command("try").addArgument(hostArgument())))
    .summary("change a host's network until you confirm it")
    .description(
      "Write the files, have the network manager apply them, and compare the host with host.json and every running guest's NIC with its metadata. All of it is put back after the timeout, and at once if a guest's NIC differs or your ssh session ends. It runs as a unit of systemd, and so works without your connection. With --host your ssh session is the connection of this command, until it has ended. Another host needs systemd, iproute2 and its network manager, and nothing of guestnet.",
    )
    .addOption(
      new Option("--timeout <seconds>", "time to run: guestnet host confirm")
        .argParser(toTimeout)
        .default(60),
    )
    .addOption(colourOption())
    .examples(
      ["guestnet host try host.json", "and within a minute: guestnet host confirm"],
      ["guestnet host try host.json --remove /etc/netplan/50-cloud-init.yaml"],
      ["guestnet host try host.json --hosts hosts.txt"],
    )
    .exitCodes(
      ["0", "it waits for your confirmation, or there is nothing to do"],
      ["1", "nothing was changed, or everything was put back"],
    )
    .action(async (file: string, options: Options & OfHosts) => {
      const { connect: uri, format = null, remove, timeout, color } = options;
      const how = { format, remove, timeout };
      process.exitCode = await onHosts(
        options,
        async () => (await import("./host/try-host.ts")).hostTryCommand(file, { uri, ...how }),
        async ({ uris }) =>
          (await import("./host/try-there.ts")).hostTryOfHosts(file, { uris, ...how, color }),
      );
    });
  ending(host.command("confirm"))
    .summary("keep the network that is on trial")
    .description("Keep the network that is on trial, and enable the network manager's units.")
    .examples(["guestnet host confirm"], ["guestnet host confirm --hosts hosts.txt", "by new connections"])
    .exitCodes(["0", "it is kept"], ["1", "no trial waits, or it was put back meanwhile"])
    .action(async (_: string | undefined, options: OfHosts) => {
      process.exitCode = await onHosts(
        options,
        async () => (await import("./host/end-host-trial.ts")).hostConfirmCommand(),
        async (hosts) =>
          (await import("./host/end-there.ts")).confirmOnHosts({ ...hosts, color: options.color }),
      );
    });
  ending(host.command("rollback"))
    .summary("put the former network back now")
    .description("End the trial, and put back the files and the network as they were before.")
    .examples(["guestnet host rollback"])
    .exitCodes(["0", "everything was put back"], ["1", "no trial is under way, or something is left"])
    .action(async (_: string | undefined, options: OfHosts) => {
      process.exitCode = await onHosts(
        options,
        async () => (await import("./host/end-host-trial.ts")).hostRollbackCommand(),
        async (hosts) =>
          (await import("./host/end-there.ts")).rollbackOnHosts({ ...hosts, color: options.color }),
      );
    });
  host
    .command("resume")
    .summary("run the trial: for its units of systemd")
    .description(
      "Run the trial that guestnet host try has prepared, or go on with one whose process has ended. The units of a trial run this.",
    )
    .examples(["guestnet host resume"])
    .action(async () => {
      process.exitCode = await (await import("./host/end-host-trial.ts")).hostResumeCommand();
    });
};
