import type { Issue } from "../../values/issue.ts";
import { good, refused, type Result } from "../../values/result.ts";
import type { Dialect } from "./syntax/value.ts";
import { Account } from "../report/account.ts";
import type { BridgeMap } from "../to-profile/bridge-map.ts";
import { finish, type Outcome } from "../report/outcome.ts";
import { readXen } from "./read-xen.ts";
import type { SourceGuest } from "../source-guest.ts";
import { toProfile } from "../to-profile/to-profile.ts";

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
    ...(attachment.kind === "routed" ? {} : { addresses: addresses?.value ?? [] }),
  })),
});

/**
 * Imports a configuration file of xl's or xm's. Nothing in it is executed, and no path in it is opened.
 *
 * @param file its name, for the report
 * @param syntax whose syntax it is in; null finds it out
 * @returns a profile that genxml takes and the account of the file, or all that is wrong
 */
export const importXen = (
  file: string,
  text: string,
  { map, syntax }: { readonly map: BridgeMap; readonly syntax: Dialect | null },
  encoding: "UTF-8" | "Latin-1" = "UTF-8",
): Result<Outcome, Issue> => {
  const account = new Account();
  if (encoding === "Latin-1")
    account.changed(
      { at: { line: 1, column: 1 }, path: [], found: "" },
      "it is not in UTF-8, and read as Latin-1: see whether names look right",
      "step",
    );
  const guest = readXen(text, syntax, account);
  const made = guest === null ? null : toProfile(guest, map, account);
  const done =
    guest === null || made === null || account.issues.length > 0
      ? null
      : finish(file, { ...made, template: null, source: summarise(guest) }, account);
  return done === null ? refused(...account.issues) : good(done);
};
