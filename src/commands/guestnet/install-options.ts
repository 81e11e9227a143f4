import type { Command } from "commander";

const EXAMPLES = `
Examples:
  guestnet install                        into this host
  guestnet install --root /mnt/image      into an image that is mounted there
  guestnet install --node /usr/bin/node   with exactly this Node.js`;

interface Options {
  readonly root: string;
  readonly node?: string;
  readonly reload: boolean;
}

const ROOT = ["--root <dir>", "the system to work on, such as a mounted image", "/"] as const;

/** Adds `guestnet install` and `guestnet uninstall`. */
export const addInstall = (program: Command): void => {
  program
    .command("install")
    .description(
      "Puts the hook where libvirt looks for it, with a Node.js that the daemon may execute; tries it; tells the daemon. A hook of somebody else's stays: ours then goes into qemu.d.",
    )
    .summary("put the hook in place, try it, tell the daemon")
    .option(...ROOT)
    .option("--node <path>", "the Node.js that runs the hook (default: the first that will do)")
    .option("--no-reload", "do not tell the daemon; print what is to be done")
    .addHelpText("after", EXAMPLES)
    .action(async ({ root, node, reload }: Options) => {
      const { installCommand } = await import("./install/install.ts");
      process.exitCode = await installCommand({ root, node: node ?? null, reload });
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
