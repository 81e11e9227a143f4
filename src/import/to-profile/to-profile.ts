import { type GuestName, parseGuestName } from "../../values/names.ts";
import { deriveUuid } from "../../profile/normalize/derive.ts";
import { withoutMarks } from "../../values/hostname.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import type { Report } from "../report/report.ts";
import type { BridgeMap } from "./bridge-map.ts";
import { toBootOrder, withOrder, toBoot } from "./boot.ts";
import type { SourceGuest } from "../source-guest.ts";
import { addTasks } from "./checklist.ts";
import { type Renamed, toDisks } from "./disks.ts";
import { toActions, toMemory, toVcpus, toScreen } from "./machine.ts";
import { toNics } from "./nics.ts";

/** A guest as a profile, before it is text. */
export interface Imported {
  readonly profile: ProfileText;
  readonly renamed: readonly Renamed[];
  /** Bridges that no `--bridge-map` is for. */
  readonly unmapped: readonly string[];
  /** Every bridge that a rule could be for. */
  readonly networks: readonly string[];
  /** Xen has none. */
  readonly portgroups: readonly [];
}

/** The name itself, where a profile can have it, or one of plain letters and digits. */
const toName = (text: string): GuestName | null => {
  const plain = withoutMarks(text)
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63);
  return parseGuestName(text) ?? parseGuestName(plain);
};

/** Devices of the old host: written down, and turned off until a person finds them on the new one. */
const toHostDevices = (guest: SourceGuest, report: Report) => {
  const seen = new Set<string>();
  return guest.hostDevices.flatMap((device): NonNullable<ProfileText["hostDevices"]> => {
    const source = device.kind === "pci" ? device.address : device.id;
    if (seen.has(source)) {
      report.dropped(device, "duplicate device");
      return [];
    }
    seen.add(source);
    report.changed(device, `disabled in hostDevices: ${source} is a device of the old host`);
    return device.kind === "pci"
      ? [{ type: "pci", source, enabled: false }]
      : [{ type: "usb", source, enabled: false }];
  });
};

const reportFirmware = ({ firmware }: SourceGuest, report: Report): void => {
  if (firmware === null) return;
  if (firmware.value === "uefi")
    report.taken(firmware, "UEFI, without the boot entries of the old firmware", "step");
  else if (firmware.value === "rombios") report.changed(firmware, "SeaBIOS, its successor");
  else report.taken(firmware, "SeaBIOS");
};

/** Makes a profile of a guest, and reports all of its settings. @returns null when a profile cannot describe it */
export const toProfile = (guest: SourceGuest, map: BridgeMap, report: Report): Imported | null => {
  const name = toName(guest.name.value);
  if (name === null) {
    report.refuse(
      "import-name",
      guest.name,
      `must contain a letter or digit to begin a guest name with, found ${guest.name.found}`,
    );
    return null;
  }
  const same = name === guest.name.value;
  if (same) report.taken(guest.name, name);
  else
    report.changed(guest.name, `${name}: a profile cannot have the old name, which is now the title`, "step");
  const uuid = guest.uuid?.value ?? deriveUuid(name);
  if (guest.uuid === null)
    report.changed(
      { at: guest.name.at, path: ["uuid"], found: "" },
      `${uuid}: without one, Xen generates a new one at every start`,
    );
  else report.taken(guest.uuid, uuid);
  const given = guest.title?.value ?? "";
  const text = same ? "" : guest.name.value.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " ");
  const title = given === "" ? text : given;
  const disks = toDisks(guest, report);
  const boot = toBoot(guest, disks, report);
  const { nics, unmapped } = toNics(guest, name, map, report);
  reportFirmware(guest, report);
  if (guest.clock !== null) report.taken(guest.clock, guest.clock.value);
  const hostDevices = toHostDevices(guest, report);
  const has = { c: disks.disks.length > 0, d: disks.cdroms.length > 0, n: nics.length > 0 };
  const order = toBootOrder(guest, has, boot.boot !== null, report);
  const profile: ProfileText = {
    name,
    uuid,
    ...(title === "" ? {} : { title }),
    ...(guest.description === null ? {} : { description: guest.description.value }),
    ...toMemory(guest, report),
    ...toVcpus(guest, report),
    ...(guest.firmware?.value === "uefi" ? { firmware: "uefi" as const } : {}),
    ...(boot.boot === null ? {} : { boot: boot.boot }),
    ...(guest.clock?.value === "localtime" ? { clock: "localtime" } : {}),
    ...toActions(guest, report),
    ...toScreen(guest, report),
    ...(guest.tpm === null ? {} : { tpm: true }),
    ...(guest.hyperv?.value === true ? { hyperv: true } : {}),
    ...guest.peripherals,
    ...(has.c ? { disks: withOrder(disks.disks, order.get("c")) } : {}),
    ...(has.d ? { cdroms: withOrder(disks.cdroms, order.get("d")) } : {}),
    ...(hostDevices.length > 0 ? { hostDevices } : {}),
    ...(has.n ? { interfaces: withOrder(nics, order.get("n")) } : {}),
  };
  addTasks(guest, disks, boot, profile, report);
  const networks = guest.nics.flatMap(({ attachment }) => ("bridge" in attachment ? attachment.bridge : []));
  return { profile, renamed: disks.renamed, unmapped, networks: [...new Set(networks)], portgroups: [] };
};
