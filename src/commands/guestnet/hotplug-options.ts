import { InvalidArgumentError } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { parseSetting, type Setting } from "../../hotplug/settings.ts";
import { connectOption } from "./survey-options.ts";

const ATTACH_EXAMPLES = `
Examples:
  guestnet attach web1 nic.json --persistent      nic.json: { "type": "bridge", "bridge": "br0", "vlan": 30 }
  echo '{ "type": "routed", "addresses": ["192.0.2.7"] }' | guestnet attach web1 -`;

const SET_EXAMPLES = `
Examples:
  guestnet set web1 web1-0 vlan=30                to another VLAN, while it runs and for its next start
  guestnet set web1 web1-0 vlan=30 --flap         and the guest asks for an address again
  guestnet set fw1 fw1-0 trunk=30,100-199 native=10
  guestnet set dns1 dns1-0 addresses=2001:db8::53,192.0.2.53 prefixes=

Settings: vlan, trunk, native (or none), isolated=yes|no, antispoof=yes|no; of a routed NIC: addresses, prefixes, gateway, antispoof.`;

interface Options {
  readonly connect: string;
  readonly persistent: boolean;
  readonly host?: string;
  readonly flap: boolean;
}

const toSettings = (text: string, before: readonly Setting[] | undefined): readonly Setting[] => {
  const setting = parseSetting(text);
  if (setting === null) throw new InvalidArgumentError("It must be KEY=VALUE, such as vlan=30.");
  return [...(before ?? []), setting];
};

/** Adds `guestnet attach`, `detach` and `set`. */
export const addHotplug = (program: DocumentedCommand): void => {
  program
    .command("attach")
    .description(
      "Gives a running guest another NIC. The guest sees it when its network is right; its metadata is written, so that the hook knows it.",
    )
    .summary("give a guest another NIC while it runs")
    .argument("<guest>", "name of the guest")
    .argument("<nic.json>", "the NIC, as in a profile's interfaces; - is standard input")
    .addOption(connectOption())
    .option("-p, --persistent", "for the next start of the guest as well", false)
    .option("--host <file>", "host.json with the names of VLANs")
    .endHelpWith(ATTACH_EXAMPLES)
    .action(async (guest: string, file: string, { connect, persistent, host }: Options) => {
      const { attachCommand } = await import("./hotplug/attach.ts");
      process.exitCode = await attachCommand(guest, file, { uri: connect, host: host ?? null, persistent });
    });
  program
    .command("detach")
    .description("Takes a NIC away from a running guest, with its metadata and, if it is routed, its tap.")
    .summary("take a NIC away from a guest while it runs")
    .argument("<guest>", "name of the guest")
    .argument("<nic>", "its tap, or its MAC address")
    .addOption(connectOption())
    .option("-p, --persistent", "for the next start of the guest as well", false)
    .action(async (guest: string, nic: string, { connect, persistent }: Options) => {
      const { detachCommand } = await import("./hotplug/detach.ts");
      process.exitCode = await detachCommand(guest, nic, { uri: connect, persistent });
    });
  program
    .command("set")
    .description(
      "Changes the network of a NIC while the guest runs, and for its next start: the kernel and the metadata together. The guest's link stays up.",
    )
    .summary("change the VLANs or addresses of a NIC while its guest runs")
    .argument("<guest>", "name of the guest")
    .argument("<nic>", "its tap, or its MAC address")
    .argument("<setting...>", "KEY=VALUE", toSettings)
    .addOption(connectOption())
    .option("--flap", "pull the guest's cable meanwhile, so that it asks for an address again", false)
    .endHelpWith(SET_EXAMPLES)
    .action(async (guest: string, nic: string, settings: readonly Setting[], { connect, flap }: Options) => {
      const { setCommand } = await import("./hotplug/set.ts");
      process.exitCode = await setCommand(guest, nic, settings, { uri: connect, flap });
    });
};
