import { Argument, InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { SYSTEM } from "../../run/virsh.ts";
import type { HostUri } from "../../run/host-uri.ts";
import { usageError } from "../../values/failure.ts";
import { good } from "../../values/result.ts";
import { type ColourWhen, colourOption } from "./colour.ts";
import { hostOptions, readHosts } from "./hosts/host-options.ts";

interface Connect {
  readonly connect: string;
}

interface ApplyOptions extends Connect {
  readonly yes: boolean;
  readonly dryRun: boolean;
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
        options: Connect & {
          readonly format: "table" | "json" | "csv";
          readonly color: ColourWhen;
          readonly json?: boolean;
          readonly prometheus?: boolean;
          readonly watch?: number | true;
          readonly host?: readonly HostUri[];
          readonly hosts?: string;
          readonly timeout: number;
        },
      ) => {
        const { connect, json = false, prometheus = false, watch, host, hosts, timeout, color } = options;
        const format = json ? "json" : prometheus ? "prometheus" : options.format;
        const how = { format, color, watch: watch === true ? 2 : (watch ?? null) } as const;
        const read = hosts === undefined ? good(host) : await readHosts(hosts);
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
};

/** Adds `guestnet plan` and `apply`. */
export const addRepair = (program: DocumentedCommand): void => {
  forGuests(program, "plan")
    .summary("show the commands that apply would run")
    .description("Show the commands that apply would run, each with its reason. Nothing is changed.")
    .examples(
      ["guestnet plan", "all running guests"],
      ["guestnet plan web1"],
      ["guestnet plan --json | jq -r '.nics[].commands[].command'"],
    )
    .exitCodes(["0", "nothing to do"], ["1", "the state could not be found out"], ["2", "something to do"])
    .option("--json", "print JSON", false)
    .action(async (names: readonly string[], { connect, json }: Connect & { readonly json: boolean }) => {
      const { planCommand } = await import("./plan/plan.ts");
      process.exitCode = await planCommand(names, { uri: connect, json });
    });
  forGuests(program, "apply")
    .summary("repair the network of running guests")
    .description(
      "Repair the network of running guests: make the kernel match the guests' metadata. On a terminal, ask first.",
    )
    .option("-y, --yes", "do not ask; required without a terminal", false)
    .option("--dry-run", "show the commands only, as plan does", false)
    .examples(
      ["guestnet apply", "show the commands, ask, and run them"],
      ["guestnet apply --yes web1", "repair one guest without asking"],
    )
    .exitCodes(
      ["0", "nothing is left to do"],
      ["1", "something could not be repaired"],
      ["2", "the answer was not yes; with --dry-run as plan"],
    )
    .action(async (names: readonly string[], { connect, yes, dryRun }: ApplyOptions) => {
      if (dryRun) {
        const { planCommand } = await import("./plan/plan.ts");
        process.exitCode = await planCommand(names, { uri: connect, json: false });
        return;
      }
      if (!yes && !process.stdin.isTTY)
        throw usageError("apply requires --yes without a terminal", "guestnet plan; guestnet apply --yes");
      const { applyCommand } = await import("./plan/apply.ts");
      process.exitCode = await applyCommand(names, { uri: connect, yes });
    });
};
