import type { Given } from "../report/report.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceGuest } from "../source-guest.ts";

/** Actions at the end of a guest, in Xen's words and libvirt's. */
export const ACTIONS = [
  ...[
    "destroy",
    "restart",
    "rename-restart",
    "preserve",
    "coredump-destroy",
    "coredump-restart",
    "soft-reset",
  ],
] as const;

const readAction = (keys: KeyReader, key: string): Given<string> | null => {
  const action = keys.text(key);
  if (action === null) return null;
  if (ACTIONS.some((known) => known === action.value)) return action;
  return keys.refuse(key, `must be one of ${ACTIONS.join(", ")}, found ${action.found}`);
};

/** Reads the actions at the end of the guest. */
export const readActions = (
  keys: KeyReader,
): Pick<SourceGuest, "onPoweroff" | "onReboot" | "onCrash" | "onWatchdog"> => ({
  onPoweroff: readAction(keys, "on_poweroff"),
  onReboot: readAction(keys, "on_reboot"),
  onCrash: readAction(keys, "on_crash"),
  onWatchdog: readAction(keys, "on_watchdog"),
});

/** `viridian`: a switch, or groups of interfaces (xl.cfg(5)). KVM has its own, and of each group the same or none. */
const readHyperv = (keys: KeyReader): SourceGuest["hyperv"] => {
  const items = keys.itemsOrText("viridian");
  const [first] = items;
  if (first === undefined) return null;
  const isOn = (text: string): boolean => !/^(0*|!.*)$/.test(text.trim());
  for (const { value, origin } of items) {
    if (isOn(value.text)) keys.report.changed(origin, "hyperv: the interfaces of Hyper-V that KVM has");
    else keys.report.taken(origin, "off");
  }
  return { ...first.origin, value: items.some(({ value }) => isOn(value.text)) };
};

/** Devices and settings that are a word each. */
export const readSettings = (
  keys: KeyReader,
): Pick<SourceGuest, "clock" | "tpm" | "agent" | "serial" | "hyperv"> => {
  const { report } = keys;
  const localtime = keys.flag("localtime");
  const genid = keys.text("ms_vm_genid");
  if (genid !== null) report.taken(genid, "the guest has a generation ID");
  // A guest that has none in Xen gets one too: it shows why the guest does not boot.
  const [serial] = keys.itemsOrText("serial");
  const tpms = keys.items("vtpm");
  const [tpm] = tpms;
  for (const { origin } of tpms)
    report.changed(
      origin,
      "an emulated TPM 2.0, without the contents of Xen's TPM (such as disk keys)",
      "person",
    );
  const channels = keys.items("channel");
  const isAgent = (text: string): boolean => text.includes("name=org.qemu.guest_agent.0");
  const agent = channels.find(({ value }) => isAgent(value.text));
  for (const { value, origin } of channels) {
    if (isAgent(value.text)) report.taken(origin, "the channel of the QEMU guest agent");
    else
      report.dropped(
        origin,
        "a channel to the host; add it to a template if the guest requires it (<channel>)",
        "step",
      );
  }
  return {
    clock: localtime === null ? null : { ...localtime, value: localtime.value ? "localtime" : "utc" },
    tpm: tpm === undefined ? null : { ...tpm.origin, value: true },
    agent: agent === undefined ? null : { ...agent.origin, value: true },
    serial: serial === undefined ? null : { ...serial.origin, value: true },
    hyperv: readHyperv(keys),
  };
};
