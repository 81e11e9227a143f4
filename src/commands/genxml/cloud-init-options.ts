import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { GUEST_FORMAT_NAMES, type FormatName } from "../../guest-config/format-names.ts";
import { siteOf, type SiteOptions, withSite } from "./site-option.ts";

/** Formats that a guest can read from a seed image. */
const SEEDS = ["cloud-init", "windows"] as const;
interface Options extends SiteOptions {
  readonly output?: string;
  readonly iso?: string;
  readonly format: "cloud-init" | FormatName;
}

/** Adds `genxml cloud-init`. */
export const addCloudInit = (program: DocumentedCommand): void => {
  const command = withSite(program.command("cloud-init"), "gateways of routed guests")
    .summary("write the guest's own network configuration")
    .description(
      "Write the name, addresses and user data that the guest reads at its first boot. The files are for cloud-init, or for the network configuration of a guest without it.",
    )
    .argument("<profile>", "guest profile; - is standard input")
    .option("-o, --output <dir>", "write the files into this directory")
    .option("--iso <file>", "write a NoCloud seed image, with genisoimage or xorriso")
    .addOption(
      new Option("--format <name>", "files to write")
        .choices(["cloud-init", ...GUEST_FORMAT_NAMES])
        .default("cloud-init"),
    )
    .examples(
      ["genxml cloud-init guest.json -o seed/", "write files"],
      ["genxml cloud-init guest.json --iso seed.iso", "write a disk image"],
      ["genxml cloud-init guest.json -o net/ --format networkd"],
      ["genxml cloud-init guest.json --iso seed.iso --format windows"],
    );
  command.action(async (file: string, _: unknown, self: DocumentedCommand) => {
    // -o is an option of `genxml FILE` as well: whichever commander gave it to.
    const options = self.optsWithGlobals<Options>();
    const { output, iso, format } = options;
    if (output === undefined && iso === undefined) command.error("-o DIR or --iso FILE is required");
    if (output === "-") command.error("-o requires a directory: there may be several files");
    if (iso !== undefined && !SEEDS.some((seed) => seed === format)) {
      command.error(`option '--iso' cannot be combined with '--format ${format}'`);
    }
    const { cloudInitCommand } = await import("./cloud-init/cloud-init.ts");
    const given = { output: output ?? null, iso: iso ?? null, site: siteOf(options) };
    process.exitCode = await cloudInitCommand(file, { ...given, format });
  });
};
