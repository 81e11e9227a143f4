import { Command, CommanderError } from "commander";

const EXAMPLES = `
Examples:
  genxml guest.json                 domain XML on standard output
  genxml guest.json | virsh define --validate /dev/stdin
  genxml guests/*.json -o out/      one out/NAME.xml for each profile
  genxml - < guest.json             the profile from standard input

Exit codes: 0 good, 1 a profile has errors (nothing was written), 64 wrong use, 70 a bug of ours.`;

const program = new Command("genxml")
  .description("Writes libvirt domain XML from short guest profiles.")
  .version(VERSION)
  .argument("<file...>", "guest profiles (JSON with comments); - is standard input")
  .option("-o, --output <dir>", "write one NAME.xml for each profile into this folder")
  .addHelpText("after", EXAMPLES)
  .showHelpAfterError("(genxml --help shows what there is)")
  .exitOverride()
  .action(async (files: readonly string[], { output }: { output?: string }) => {
    if (files.length > 1 && output === undefined) {
      program.error("error: several profiles need a folder to write to: add -o DIR");
    }
    const { domainCommand } = await import("./domain.ts");
    process.exitCode = await domainCommand(files, output ?? null);
  });

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
