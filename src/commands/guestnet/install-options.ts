import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";

const EXAMPLES = `
Examples:
  guestnet install                          into this host
  guestnet install --root /mnt/image        into an image that is mounted there
  guestnet install --engine /usr/bin/node   with exactly this JavaScript engine`;

interface Options {
  readonly root: string;
  readonly engine?: string;
  readonly node?: string;
  readonly reload: boolean;
}

const ROOT = ["--root <dir>", "the system to work on, such as a mounted image", "/"] as const;

/** Adds `guestnet install` and `guestnet uninstall`. */
export const addInstall = (program: DocumentedCommand): void => {
  program
    .command("install")
    .description(
      "Puts the hook where libvirt looks for it, with QuickJS or else Node.js to run it; tries it; tells the daemon. A hook of somebody else's stays: ours then goes into qemu.d.",
    )
    .summary("put the hook in place, try it, tell the daemon")
    .option(...ROOT)
    .option("--engine <path>", "the qjs or node that runs the hook (default: the first that will do)")
    .addOption(new Option("--node <path>", "what --engine was called in 0.1.0").hideHelp())
    .option("--no-reload", "do not tell the daemon; print what is to be done")
    .endHelpWith(EXAMPLES)
    .action(async ({ root, engine, node, reload }: Options) => {
      const { installCommand } = await import("./install/install.ts");
      process.exitCode = await installCommand({ root, engine: engine ?? node ?? null, reload });
    });
  program
    .command("uninstall")
    .description("Takes the hook away again, and nothing of anybody else's.")
    .summary("take the hook away again")
    .option(...ROOT)
    .action(async ({ root }: Pick<Options, "root">) => {
      const { uninstallCommand } = await import("./install/uninstall.ts");
      process.exitCode = await uninstallCommand(root);
    });
};
