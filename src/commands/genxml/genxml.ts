import { CommanderError, InvalidArgumentError, Option } from "commander";
import { DocumentedCommand } from "../shared/documented-command.ts";
import { type LibvirtVersion, parseLibvirtVersion, PORTABLE } from "../../values/libvirt-version.ts";
import { addCheck, reporting, type Reporting, toReport } from "./check-options.ts";
import { addCloudInit } from "./cloud-init-options.ts";
import { addSchema } from "./schema-options.ts";
import { addImport } from "./import-options.ts";
import { endWithReader } from "../shared/closed-pipe.ts";
import { addCompletion } from "../shared/completion-options.ts";
import { addDiagram } from "./diagram-options.ts";

interface NetworkOptions {
  readonly output?: string;
  readonly libvirt: LibvirtVersion;
}

interface ProfileOptions extends NetworkOptions, Reporting {
  readonly host?: string;
  readonly template?: string;
}

const EXAMPLES = `
Examples:
  genxml guest.json                 domain XML on standard output
  genxml guest.json | virsh define --validate /dev/stdin
  genxml guests/ -o out/            one out/NAME.xml for each profile; only what changed is written
  genxml - < guest.json             the profile from standard input
  genxml --libvirt 11.0 guest.json  with VLANs that libvirt itself sets
  genxml db1.json --template db1.xml   an existing guest's XML, with what the profile says
  genxml check guests/              every problem of every profile, and what clashes between them
  genxml network host.json -o nets/ a libvirt network for each bridge
  genxml cloud-init guest.json -o seed/     what the guest itself is told at its first boot
  genxml schema guest               the JSON Schema, for completion in editors
  genxml import xen /etc/xen/*.cfg -o guests/   profiles and reports of Xen guests

Exit codes: 0 good, 1 a profile has errors (of several, the good ones are written), 64 wrong use, 70 a bug of ours.`;

/** `--libvirt VERSION`, for every command that writes XML. */
const libvirtOption = () =>
  new Option(
    "--libvirt <version>",
    "the oldest libvirt that has to take it; from 11.0 on it sets VLANs itself",
  )
    .default(PORTABLE, "8.0")
    .argParser((text) => {
      const version = parseLibvirtVersion(text);
      if (version === null) throw new InvalidArgumentError("It must be 8.0 or later, such as 9.0 or 11.3.0.");
      return version;
    });

endWithReader();

const program = reporting(new DocumentedCommand("genxml"))
  .description("Writes libvirt domain XML from short guest profiles.")
  .version(VERSION)
  .argument("<path...>", "guest profiles (JSON with comments), and folders of them; - is standard input")
  .option("-o, --output <dir>", "write one NAME.xml for each profile into this folder")
  .option("--host <file>", "names of VLANs and more (default: host.json beside the profile, if there is one)")
  .addOption(libvirtOption())
  .option("--template <file>", "domain XML to complete, whatever the profiles say; all else in it stays")
  .endHelpWith(EXAMPLES)
  .showHelpAfterError("(genxml --help shows what there is)")
  // Options after the name of a command are the command's.
  .enablePositionalOptions()
  .exitOverride()
  .action(async (paths: readonly string[], options: ProfileOptions) => {
    const { output, host, libvirt, template } = options;
    const { findInputs } = await import("./inputs.ts");
    const inputs = findInputs(paths);
    if (output === undefined && (inputs.hasFolder || inputs.files.length > 1)) {
      program.error("error: several profiles need a folder to write to: add -o DIR");
    }
    const { domainCommand } = await import("./domain.ts");
    const given = { output: output ?? null, host: host ?? null, template: template ?? null };
    process.exitCode = await domainCommand(inputs, { ...toReport(options), ...given, libvirt });
  });

program
  .command("network")
  .description("libvirt network XML: one network for each bridge, a portgroup for each VLAN with a name")
  .argument("<host.json>", "the host's bridges and VLANs; - is standard input")
  .option("-o, --output <dir>", "write one NAME.xml for each bridge into this folder")
  .addOption(libvirtOption())
  .action(async (file: string, { output, libvirt }: NetworkOptions) => {
    const { networkCommand } = await import("./network.ts");
    process.exitCode = await networkCommand(file, output ?? null, libvirt);
  });
addCheck(program);
addCloudInit(program);
addSchema(program);
addImport(program);
addDiagram(program);
addCompletion(program);

// Without "await" at the top, which a CommonJS bundle cannot have.
const main = async (): Promise<void> => {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 64;
    } else {
      process.stderr.write(
        `genxml: a bug of ours, please report it:\n${error instanceof Error ? (error.stack ?? "") : String(error)}\n`,
      );
      process.exitCode = 70;
    }
  }
};

void main();
