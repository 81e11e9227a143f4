import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";

interface Options {
  readonly root: string;
  readonly engine?: string;
  readonly node?: string;
  readonly reload: boolean;
}

const ROOT = ["--root <dir>", "root of the system to change, such as a mounted image", "/"] as const;

/** Adds `guestnet install` and `guestnet uninstall`. */
export const addInstall = (program: DocumentedCommand): void => {
  program
    .command("install")
    .summary("install and test the hook, reload the libvirt daemon")
    .description(
      "Install the hook where libvirt runs it, test it in the daemon's environment, and reload the libvirt daemon. A third-party hook stays in place: the hook of guestnet is then installed in qemu.d.",
    )
    .option(...ROOT)
    .addOption(
      new Option("--engine <file>", "QuickJS or Node.js that runs the hook").default(
        undefined,
        "the first that works",
      ),
    )
    .addOption(new Option("--node <file>", "former name of --engine").hideHelp())
    .option("--no-reload", "do not reload the daemon, print the command")
    .examples(
      ["guestnet install", "on this host"],
      ["guestnet install --root /mnt/image", "in a mounted image"],
      ["guestnet install --engine /usr/bin/node", "with this JavaScript engine"],
    )
    .action(async ({ root, engine, node, reload }: Options) => {
      const { installCommand } = await import("./install/install.ts");
      process.exitCode = await installCommand({ root, engine: engine ?? node ?? null, reload });
    });
  program
    .command("uninstall")
    .summary("remove the hook")
    .description("Remove the hook of guestnet. Third-party hooks stay in place.")
    .option(...ROOT)
    .examples(
      ["guestnet uninstall", "from this host"],
      ["guestnet uninstall --root /mnt/image", "from a mounted image"],
    )
    .action(async ({ root }: Pick<Options, "root">) => {
      const { uninstallCommand } = await import("./install/uninstall.ts");
      process.exitCode = await uninstallCommand(root);
    });
};
