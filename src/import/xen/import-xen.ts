import { byPosition, type Issue } from "../../values/issue.ts";
import { toEffective } from "./syntax/effective.ts";
import { parseXen } from "./syntax/detect.ts";
import type { Dialect, XenConfig } from "./syntax/value.ts";
import { renderOrigin, Report } from "../report/report.ts";
import { kernelOf } from "../kernel-name.ts";
import { KeyReader, showValue } from "./key-reader.ts";
import type { GuestSystem, SourceGuest, XenType } from "../source-guest.ts";
import { readBoot } from "./boot.ts";
import { readXenDisks } from "./disks.ts";
import { DROPPED, KNOWN_KEYS } from "./known-keys.ts";
import { nearest } from "../../values/nearest.ts";
import { readHostDevices } from "./host-devices.ts";
import { readMemory, readPinning, readType, readUuid, readVcpus } from "./machine.ts";
import { readScreen } from "./screen.ts";
import { readPeripherals } from "./peripherals.ts";
import { readActions, readSettings } from "./settings.ts";
import { readXenNics } from "./vifs.ts";
import { good, refused, type Result } from "../../values/result.ts";
import type { BridgeMap } from "../to-profile/bridge-map.ts";
import { finishImport, type ImportedGuest } from "../report/imported-guest.ts";
import { toProfile } from "../to-profile/to-profile.ts";

/** Guesses the system inside: the file does not state it. */
const systemOf = (keys: KeyReader, type: XenType): GuestSystem => {
  const hints = ["kernel", "name", "guest_os_type", "OVM_os_type", "root"];
  const showing = (isOne: (value: string) => boolean): string | null => {
    const key = hints.find((one) => isOne(keys.hint(one)));
    return key === undefined ? null : renderOrigin(keys.origin(key));
  };
  const other =
    kernelOf(keys.hint("kernel")) === "no-linux"
      ? renderOrigin(keys.origin("kernel"))
      : showing((value) => /(net|open|free)bsd|xbd0|solaris|illumos|mini-?os|unikernel/i.test(value));
  if (other !== null) return { kind: "other", because: other, isWeak: false };
  const linux: GuestSystem = { kind: "linux", because: null, isWeak: false };
  if (type !== "hvm" || showing((value) => /linux/i.test(value)) !== null) return linux;
  const isOn = (key: string): boolean => keys.has(key) && !keys.isOff(key);
  const named = showing((value) => /win(dows|nt|xp|\d|srv)|srv2k|w2k/i.test(value));
  const strong = isOn("viridian") ? renderOrigin(keys.origin("viridian")) : named;
  if (strong !== null) return { kind: "windows", because: strong, isWeak: false };
  // A clock in local time is usual for Windows, and not rare elsewhere; Windows does not turn Hyper-V off.
  if (!isOn("localtime")) return linux;
  if (keys.has("viridian")) return { ...linux, because: renderOrigin(keys.origin("viridian")) };
  return { kind: "windows", because: renderOrigin(keys.origin("localtime")), isWeak: true };
};

/** Reports the remaining keys: those without an equivalent, and those that Xen ignores silently. */
const accountForRest = (keys: KeyReader): void => {
  for (const key of keys.rest()) {
    const origin = keys.origin(key);
    const [weight, why] = (Object.hasOwn(DROPPED, key) ? DROPPED[key] : undefined) ?? ["step", ""];
    const near = nearest(key, KNOWN_KEYS);
    if (why !== "") keys.report.dropped(origin, why, keys.isOff(key) ? "note" : weight);
    else if (key.startsWith("OVM_")) keys.report.dropped(origin, "a note of Oracle VM's manager");
    else if (near === null) keys.report.unknown(origin, "Xen does not know this key, and ignores it", "note");
    else
      keys.report.unknown(
        origin,
        `Xen does not know this key, and ignores it; did you mean ${near}?`,
        "person",
      );
  }
};

const accountForConfig = (
  { lenient, assignments }: XenConfig,
  effective: ReturnType<typeof toEffective>,
  report: Report,
): void => {
  for (const { at, message } of lenient) report.changed({ at, path: [], found: "" }, message);
  for (const { assignment, by } of effective.overridden) {
    const { key, at, value } = assignment;
    report.dropped(
      { at, path: [key], found: showValue(key, value) },
      `set again in line ${by.line}, which takes precedence`,
    );
  }
  for (const { key, at, operator, value } of assignments)
    if (operator === "+=")
      report.taken({ at, path: [key], found: showValue(key, value) }, "appended to the earlier value");
  report.issues.push(...effective.issues);
};

/**
 * Reads a configuration file of xl's or xm's into a guest.
 *
 * @param report where each thing in the file is accounted for, and what is wrong with it
 * @returns the guest, or null when the file is no good
 */
const readXen = (text: string, syntax: Dialect | null, report: Report): SourceGuest | null => {
  const parsed = parseXen(text, syntax);
  if (!parsed.ok) {
    report.issues.push(...parsed.problems);
    return null;
  }
  const effective = toEffective(parsed.value);
  accountForConfig(parsed.value, effective, report);
  const keys = new KeyReader(effective, report);
  const type = readType(keys);
  const name = keys.text("name");
  if (name === null || name.value === "") {
    report.refuse(
      "missing-key",
      { at: name?.at ?? { line: 1, column: 1 }, path: ["name"] },
      'must have a name, such as name = "dns1" (Xen rejects the file too)',
    );
  }
  const actions = readActions(keys);
  const [memory, vcpus] = [readMemory(keys), readVcpus(keys)];
  const guest = {
    type,
    name: name ?? keys.given("name", ""),
    uuid: readUuid(keys),
    title: null,
    description: null,
    ...memory,
    ...vcpus,
    peripherals: readPeripherals(keys, { ...memory, ...vcpus }),
    pinning: readPinning(keys),
    ...readBoot(keys, type),
    ...readScreen(keys, type),
    ...actions,
    // xm's default is another one than xl's.
    onCrash:
      actions.onCrash ??
      (parsed.value.dialect === "xm" ? { ...keys.origin("on_crash"), value: "restart" } : null),
    ...readSettings(keys),
    disks: readXenDisks(keys),
    nics: readXenNics(keys),
    hostDevices: readHostDevices(keys),
    system: systemOf(keys, type),
  };
  accountForRest(keys);
  report.issues.sort(byPosition);
  return report.issues.length > 0 ? null : guest;
};

/** The guest in the file's own words, for programs. */
export const summarise = (guest: SourceGuest): object => ({
  type: guest.type,
  name: guest.name.value,
  uuid: guest.uuid?.value ?? null,
  memoryKiB: guest.memory.value,
  maxMemoryKiB: guest.maxMemory?.value ?? null,
  vcpus: guest.vcpus?.value ?? null,
  maxVcpus: guest.maxVcpus?.value ?? null,
  bootloader: guest.bootloader?.value ?? null,
  kernel: guest.kernel?.value ?? null,
  initrd: guest.initrd?.value ?? null,
  disks: guest.disks.map(({ target, vdev, format, readonly, shareable, device, script, backend }) => ({
    ...{ source: target, target: vdev, format, readonly, shareable, device, script, backend },
  })),
  nics: guest.nics.map(({ mac, attachment, model, tap, rate, addresses }) => ({
    mac,
    ...attachment,
    model: model?.value ?? null,
    tap: tap?.value ?? null,
    bytesPerSecond: rate?.value ?? null,
    addresses: addresses?.value ?? [],
  })),
});

/**
 * Imports a configuration file of xl's or xm's. Nothing in it is executed, and no path in it is opened.
 *
 * @param file its name, for the report
 * @param syntax whose syntax it is in; null finds it out
 * @returns a profile that genxml takes and the report of the file, or all that is wrong
 */
export const importXen = (
  file: string,
  text: string,
  { map, syntax }: { readonly map: BridgeMap; readonly syntax: Dialect | null },
  encoding: "UTF-8" | "Latin-1" = "UTF-8",
): Result<ImportedGuest, Issue> => {
  const report = new Report();
  if (encoding === "Latin-1")
    report.changed(
      { at: { line: 1, column: 1 }, path: [], found: "" },
      "not in UTF-8, and read as Latin-1: check that names are correct",
      "step",
    );
  const guest = readXen(text, syntax, report);
  const made = guest === null ? null : toProfile(guest, map, report);
  const done =
    guest === null || made === null || report.issues.length > 0
      ? null
      : finishImport(file, { ...made, template: null, source: summarise(guest) }, report);
  return done === null ? refused(...report.issues) : good(done);
};
