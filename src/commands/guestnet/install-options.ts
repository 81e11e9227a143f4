import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import type { ColourWhen } from "./colour.ts";
import { colourOption } from "./colour-option.ts";
import { type GivenHosts, hostOptions, onHosts } from "./hosts/host-options.ts";

interface Options extends GivenHosts {
  readonly root: string;
  readonly color: ColourWhen;
  readonly engine?: string;
  readonly node?: string;
  readonly reload: boolean;
}

const rootOption = (): Option =>
  new Option("--root <dir>", "root of the system to change, such as a mounted image")
    .default("/")
    .conflicts(["host", "hosts"]);

/** Adds `guestnet install` and `guestnet uninstall`. */
export const addInstall = (program: DocumentedCommand): void => {
  hostOptions(program.command("install"), 60)
    .summary("install and test the hook, reload the libvirt daemon")
    .description(
      "Install the hook where libvirt runs it, test it in the daemon's environment, and reload the libvirt daemon. A third-party hook stays in place: the hook of guestnet is then installed in qemu.d.",
    )
    .addOption(rootOption())
    .addOption(
      new Option("--engine <file>", "QuickJS or Node.js that runs the hook").default(
        undefined,
        "the first that works",
      ),
    )
    .addOption(new Option("--node <file>", "former name of --engine").hideHelp())
    .option("--no-reload", "do not reload the daemon, print the command")
    .addOption(colourOption())
    .examples(
      ["guestnet install", "on this host"],
      ["guestnet install --root /mnt/image", "in a mounted image"],
      ["guestnet install --engine /usr/bin/node", "with this JavaScript engine"],
      ["guestnet install --hosts hosts.txt", "on other hosts, by ssh"],
    )
    .action(async (options: Options) => {
      const { root, engine: named, node, reload, color } = options;
      const engine = named ?? node ?? null;
      process.exitCode = await onHosts(
        options,
        async () => (await import("./install/install.ts")).installCommand({ root, engine, reload }),
        async (hosts) =>
          (await import("./install/install-hosts.ts")).installOnHosts({ ...hosts, engine, reload, color }),
      );
    });
  hostOptions(program.command("uninstall"), 60)
    .summary("remove the hook")
    .description("Remove the hook of guestnet. Third-party hooks stay in place.")
    .addOption(rootOption())
    .examples(
      ["guestnet uninstall", "from this host"],
      ["guestnet uninstall --root /mnt/image", "from a mounted image"],
      ["guestnet uninstall --host qemu+ssh://root@host2/system", "from another host"],
    )
    .addOption(colourOption())
    .action(async (options: Omit<Options, "engine" | "node" | "reload">) => {
      const { root, color } = options;
      process.exitCode = await onHosts(
        options,
        async () => (await import("./install/uninstall.ts")).uninstallCommand(root),
        async (hosts) => (await import("./install/install-hosts.ts")).uninstallFromHosts({ ...hosts, color }),
      );
    });
};
