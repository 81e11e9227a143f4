import { InvalidArgumentError, Option } from "commander";
import { DocumentedCommand } from "../shared/documented-command.ts";
import { type LibvirtVersion, parseLibvirtVersion, PORTABLE } from "../../values/libvirt-version.ts";
import { addCheck, reporting, type CheckFormat, toReport } from "./check-options.ts";
import { addAddresses } from "./addresses-options.ts";
import { addCloudInit } from "./cloud-init-options.ts";
import { addHost } from "./host-options.ts";
import { addSchema } from "./schema-options.ts";
import { siteOf, type SiteOptions, withSite } from "./site-option.ts";
import { expectNoCommand } from "./expect-no-command.ts";
import { addImport } from "./import-options.ts";
import { addCompletion } from "../shared/completion-options.ts";
import { addDiagram } from "./diagram-options.ts";

interface NetworkOptions {
  readonly output?: string;
  readonly libvirt: LibvirtVersion;
}

interface ProfileOptions extends NetworkOptions, CheckFormat, SiteOptions {
  readonly template?: string;
}

/** `--libvirt VERSION`, for every command that writes XML. */
const libvirtOption = () =>
  new Option("--libvirt <version>", "oldest libvirt to support; 11.0 and later set VLANs natively")
    .default(PORTABLE, "8.0")
    .argParser((text) => {
      const version = parseLibvirtVersion(text);
      if (version === null) throw new InvalidArgumentError("It must be 8.0 or later, such as 9.0 or 11.3.0.");
      return version;
    });

/** Adds `genxml network`. */
const addNetwork = (program: DocumentedCommand): void => {
  program
    .command("network")
    .summary("write a libvirt network for each bridge")
    .description(
      "Write libvirt network XML: one network for each bridge, with a portgroup for each named VLAN.",
    )
    .argument("<host.json>", "bridges and VLANs of the host; - is standard input")
    .option("-o, --output <path>", "file for one network, or directory for BRIDGE.xml")
    .addOption(libvirtOption())
    .examples(
      ["genxml network host.json | virsh net-define /dev/stdin"],
      ["genxml network host.json -o nets/", "write nets/BRIDGE.xml for each bridge"],
    )
    .action(async (file: string, { output, libvirt }: NetworkOptions) => {
      const { networkCommand } = await import("./network.ts");
      process.exitCode = await networkCommand(file, output ?? null, libvirt);
    });
};

/** Returns the whole command line of genxml: what it is parsed with, and what its manual page is made from. */
export const genxml = (): DocumentedCommand => {
  const program = withSite(reporting(new DocumentedCommand("genxml")), "VLAN names and gateways of the host")
    .description("Write libvirt domain XML from short guest profiles.")
    .version(VERSION, "-V, --version", "show the version")
    .argument("<profile...>", "guest profiles and directories of them; - is standard input")
    .option("-o, --output <path>", "file for one domain, or directory for NAME.xml")
    .addOption(libvirtOption())
    .option("--template <domain.xml>", 'base domain XML; overrides "template" in profiles')
    .examples(
      ["genxml guest.json", "print domain XML"],
      ["genxml guest.json | virsh define --validate /dev/stdin"],
      ["genxml guests/ -o out/", "write out/NAME.xml for each profile"],
      ["genxml - < guest.json", "read the profile from standard input"],
      ["genxml --libvirt 11.0 guest.json", "let libvirt set the VLANs"],
      ["genxml db1.json --template db1.xml", "complete an existing guest's XML"],
      ["genxml check guests/", "report errors and conflicts"],
    )
    .exitCodes(
      ["0", "success; warnings do not count"],
      ["1", "an input has errors; of several inputs, the valid ones are written"],
      ["64", "usage error"],
      ["70", "internal error"],
    )
    .files(
      ["guest.json", "The profile of a guest, see guest.json(5)."],
      [
        "host.json",
        "What the guests of a host have in common, see host.json(5). It is read beside each profile.",
      ],
    )
    .environment(["PATH", "Directories in which cloud-init --iso looks for genisoimage and xorriso."])
    .seeAlso("guestnet(8)", "guest.json(5)", "host.json(5)", "guestnet-hook(7)", "virsh(1)")
    .helpCommand("help [command]", "show help for a command")
    // Options after the name of a command are the command's.
    .enablePositionalOptions()
    .exitOverride();
  program.action(async (paths: readonly string[], options: ProfileOptions) => {
    const { output, libvirt, template } = options;
    expectNoCommand(paths[0], program);
    const { findInputs } = await import("./input/inputs.ts");
    const inputs = findInputs(paths);
    if ((output === undefined || output === "-") && inputs.several) {
      program.error("multiple profiles require -o DIR");
    }
    const { domainCommand } = await import("./domain.ts");
    const given = { output: output ?? null, site: siteOf(options), template: template ?? null };
    process.exitCode = await domainCommand(inputs, { ...toReport(options), ...given, libvirt });
  });
  program.commandsGroup("Generate:");
  addNetwork(program);
  addHost(program);
  addCloudInit(program);
  addDiagram(program);
  addAddresses(program);
  program.commandsGroup("Check and import:");
  addCheck(program);
  addSchema(program);
  addImport(program);
  program.commandsGroup("Setup:");
  addCompletion(program);
  return program;
};
