import { type Result, good, refused } from "../values/result.ts";
import type { Inexpressible } from "./format.ts";
import type { GuestInterface } from "./guest-interface.ts";

/** An interface with the name that the system gives it: its driver's, and a number counted for each driver. */
export interface NamedInterface {
  readonly device: string;
  readonly one: GuestInterface;
}

/** Drivers of FreeBSD and OpenBSD. Both drive QEMU's rtl8139, an 8139C+, with re(4), and its Intel cards with em(4). */
const DRIVERS: Readonly<Record<string, string>> = { e1000: "em", e1000e: "em", rtl8139: "re" };

/**
 * Names all interfaces.
 *
 * @param virtio the system's driver of virtio NICs
 * @param unknown the name of a NIC whose driver is unknown, or null where the system has none for it
 */
export const nameByDriver = (
  interfaces: readonly GuestInterface[],
  virtio: string,
  unknown: (one: GuestInterface) => string | null,
): Result<readonly NamedInterface[], Inexpressible> => {
  const counts = new Map<string, number>();
  const named: NamedInterface[] = [];
  const problems: Inexpressible[] = [];
  interfaces.forEach((one, nic) => {
    const driver = one.model === "virtio" ? virtio : DRIVERS[one.model ?? ""];
    if (driver === undefined) {
      const device = unknown(one);
      if (device !== null) named.push({ device, one });
      else
        problems.push({
          nic,
          message: "must be an emulated NIC: the driver of any other names it, found none",
        });
      return;
    }
    const number = counts.get(driver) ?? 0;
    counts.set(driver, number + 1);
    named.push({ device: `${driver}${String(number)}`, one });
  });
  return problems.length === 0 ? good(named) : refused(...problems);
};
