import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";

const EXAMPLES = `
Examples:
  genxml cloud-init guest.json -o seed/             seed/meta-data, seed/network-config, seed/user-data
  genxml cloud-init guest.json --iso seed.iso       the same as a disk that cloud-init finds (NoCloud)
  genxml cloud-init guest.json -o net/ --format networkd      for a guest without cloud-init`;

interface Options {
  readonly output?: string;
  readonly iso?: string;
  readonly host?: string;
  readonly format: "cloud-init" | "networkd" | "ifupdown";
}

/** Adds `genxml cloud-init`. */
export const addCloudInit = (program: DocumentedCommand): void => {
  const command = program
    .command("cloud-init")
    .description("Writes what the guest itself is told at its first boot: name, addresses, user-data.")
    .argument("<file>", "guest profile; - is standard input")
    .option("-o, --output <dir>", "write the files into this folder")
    .option("--host <file>", "the gateways of routed guests and more (default: host.json beside the profile)")
    .option("--iso <file>", "make a NoCloud seed, volume label cidata (with genisoimage or xorriso)")
    .addOption(
      new Option("--format <name>", "cloud-init's three files, or those of a guest without it")
        .choices(["cloud-init", "networkd", "ifupdown"])
        .default("cloud-init"),
    )
    .endHelpWith(EXAMPLES);
  command.action(async (file: string, _: unknown, self: DocumentedCommand) => {
    // -o is an option of `genxml FILE` as well: whichever commander gave it to.
    const { output, iso, format, host } = self.optsWithGlobals<Options>();
    if (output === undefined && iso === undefined) {
      command.error("error: there is nothing to write to: add -o DIR, or --iso FILE");
    }
    if (iso !== undefined && format !== "cloud-init") {
      command.error(`error: a seed is for cloud-init, found --format ${format}: leave out --iso or --format`);
    }
    const { cloudInitCommand } = await import("./cloud-init.ts");
    const given = { output: output ?? null, iso: iso ?? null, host: host ?? null };
    process.exitCode = await cloudInitCommand(file, { ...given, format });
  });
};
