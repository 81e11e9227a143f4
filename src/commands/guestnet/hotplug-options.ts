import { InvalidArgumentError } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { renamedOption } from "../shared/renamed-option.ts";
import type { SettingKey } from "../../libvirt/metadata/nic-element.ts";
import { parseSetting, type NicSetting, wrongWithSetting } from "../../hotplug/settings.ts";
import { type Affecting, affecting } from "./hotplug/affected.ts";
import { connectOption } from "./survey-options.ts";

type Described = readonly [values: readonly string[], meaning: string];

/** Settings with their values, or with one placeholder for them. */
const DESCRIBED = {
  vlan: [["VID"], "access VLAN of a bridge NIC"],
  trunk: [["VIDS"], "tagged VLANs, such as 30,100-199"],
  native: [["VID"], "untagged VLAN of a trunk, or none"],
  isolated: [["yes", "no"], "no traffic to other isolated ports of the bridge"],
  antispoof: [["yes", "no"], "only the NIC's own addresses as a source"],
  macs: [["LIST"], "MAC addresses beside the NIC's own; empty for none"],
  addresses: [["LIST"], "host addresses of a routed NIC"],
  prefixes: [["LIST"], "networks routed to the guest; empty for none"],
  gateway: [["LIST"], "gateways of a routed NIC"],
} as const satisfies Readonly<Record<SettingKey, Described>>;
const SETTINGS = Object.entries(DESCRIBED).map(([key, [values, meaning]]) => [key, values, meaning] as const);

interface Options extends Affecting {
  readonly connect: string;
  readonly site?: string;
  readonly flap: boolean;
}

const toSettings = (text: string, before: readonly NicSetting[] | undefined): readonly NicSetting[] => {
  const setting = parseSetting(text);
  if (setting === null) throw new InvalidArgumentError("It must be KEY=VALUE, such as vlan=30.");
  const wrong = wrongWithSetting(setting);
  if (wrong !== null) throw new InvalidArgumentError(wrong);
  return [...(before ?? []), setting];
};

/** Adds `guestnet attach`, `detach` and `set`. */
export const addHotplug = (program: DocumentedCommand): void => {
  affecting(program.command("attach"))
    .summary("attach a NIC to a guest")
    .description(
      "Attach a NIC to a guest. A running guest gets it once its network is complete. The guest's metadata is updated for the hook.",
    )
    .argument("<guest>", "name of the guest")
    .argument("<nic.json>", 'a NIC as in "interfaces" of a profile; - is standard input')
    .addOption(connectOption())
    .option("--site <host.json>", "VLAN names and gateways of the host")
    .addOption(renamedOption("--host <host.json>", "--site"))
    .examples(
      ["guestnet attach web1 nic.json", "until the guest stops"],
      ["guestnet attach web1 nic.json --persistent", "and for its next start"],
      [`echo '{ "type": "bridge", "bridge": "br0", "vlan": 30 }' > nic.json`],
    )
    .action(async (guest: string, file: string, { connect, site, ...which }: Options) => {
      const { attachCommand } = await import("./hotplug/attach.ts");
      process.exitCode = await attachCommand(guest, file, { uri: connect, site: site ?? null, which });
    });
  affecting(program.command("detach"))
    .summary("detach a NIC from a guest")
    .description("Detach a NIC from a guest, with its metadata and the tap of a routed NIC.")
    .argument("<guest>", "name of the guest")
    .argument("<nic>", "tap or MAC address of the NIC")
    .addOption(connectOption())
    .examples(
      ["guestnet detach web1 web1-1", "until the guest stops"],
      ["guestnet detach web1 web1-1 --persistent", "and for its next start"],
    )
    .action(async (guest: string, nic: string, { connect, ...which }: Options) => {
      const { detachCommand } = await import("./hotplug/detach.ts");
      process.exitCode = await detachCommand(guest, nic, { uri: connect, which });
    });
  affecting(program.command("set"))
    .summary("change the VLANs or addresses of a NIC")
    .description(
      "Change the network of a NIC: the kernel and the guest's metadata together. The link of a running guest stays up.",
    )
    .argument("<guest>", "name of the guest")
    .argument("<nic>", "tap or MAC address of the NIC")
    .argument("<setting...>", "KEY=VALUE, see Settings below", toSettings)
    .addOption(connectOption())
    .option("--flap", "toggle the guest's link so that it renews its lease", false)
    .examples(
      ["guestnet set web1 web1-0 vlan=30", "until the guest stops"],
      ["guestnet set web1 web1-0 vlan=30 --persistent", "and for its next start"],
      ["guestnet set web1 web1-0 vlan=30 --flap", "and renew its lease"],
      ["guestnet set fw1 fw1-0 trunk=30,100-199 native=10"],
      ["guestnet set dns1 dns1-0 addresses=2001:db8::53,192.0.2.53 prefixes="],
    )
    .list(
      "Settings",
      ...SETTINGS.map(([key, values, meaning]) => [`${key}=${values.join("|")}`, meaning] as const),
    )
    .suggest(
      "setting",
      SETTINGS.flatMap(([key, values]) =>
        values.length === 1 ? [`${key}=`] : values.map((value) => `${key}=${value}`),
      ),
    )
    .action(
      async (
        guest: string,
        nic: string,
        settings: readonly NicSetting[],
        { connect, flap, ...which }: Options,
      ) => {
        const { setCommand } = await import("./hotplug/set.ts");
        process.exitCode = await setCommand(guest, nic, settings, { uri: connect, flap, which });
      },
    );
};
