import { InvalidArgumentError, Option } from "commander";
import { parseLibvirtVersion } from "../../values/libvirt-version.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { parseHostUri } from "../../run/host-uri.ts";
import { SYSTEM } from "../../run/virsh.ts";
import { usageError } from "../../values/failure.ts";
import type { ColourWhen } from "./colour.ts";
import { colourOption } from "./colour-option.ts";
import { type GivenHosts, hostOptions, type ManyHosts, onHosts } from "./hosts/host-options.ts";

interface Options extends GivenHosts {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly site?: string;
  readonly libvirt?: string;
  readonly color: ColourWhen;
}

const thisHost = (timeout: number): ManyHosts => {
  const here = parseHostUri(SYSTEM);
  return { uris: here.ok ? [here.value] : [], timeout };
};

/** Returns the version as it is written, for genxml. */
const toLibvirtVersion = (text: string): string => {
  if (parseLibvirtVersion(text) === null)
    throw new InvalidArgumentError("It must be 8.0 or later, such as 9.0 or 11.3.0.");
  return text;
};

/** Adds `guestnet push`. */
export const addPush = (program: DocumentedCommand): void => {
  hostOptions(program.command("push"), 60)
    .summary("define guests on their hosts from profiles")
    .description(
      "Generate domains from profiles and define those that are new or differ. No guest is started or stopped: a running guest changes at its next start. With several hosts, the directory PATH/HOST has the profiles of HOST. On a terminal, ask first.",
    )
    .argument("<path...>", "profiles, or directories of them")
    .option("-y, --yes", "do not ask; required without a terminal", false)
    .option("--dry-run", "show the differences only", false)
    .option("--site <host.json>", "host.json of all profiles (default: the one beside each)")
    .addOption(
      new Option("--libvirt <version>", "oldest libvirt version to support").argParser(toLibvirtVersion),
    )
    .addOption(colourOption())
    .examples(
      ["guestnet push guests/", "on this host"],
      ["guestnet push guests/ --host qemu+ssh://root@kvm2/system"],
      ["guestnet push site/ --hosts hosts.txt --dry-run", "site/kvm1/ to kvm1 ..."],
    )
    .exitCodes(
      ["0", "every guest is as in its profile"],
      ["1", "a profile has errors, or a guest could not be defined"],
      ["2", "the answer was not yes; with --dry-run: a guest differs"],
    )
    .action(async (paths: readonly string[], options: Options) => {
      const { yes, dryRun, site, libvirt, color, timeout } = options;
      if (!yes && !dryRun && !process.stdin.isTTY)
        throw usageError("push requires --yes without a terminal", "guestnet push --dry-run");
      const genxml = [
        ...(site === undefined ? [] : ["--host", site]),
        ...(libvirt === undefined ? [] : ["--libvirt", libvirt]),
      ];
      const push = async (hosts: ManyHosts) =>
        (await import("./push/push.ts")).pushCommand(paths, { ...hosts, yes, dryRun, color, genxml });
      process.exitCode = await onHosts(options, () => push(thisHost(timeout)), push);
    });
};
