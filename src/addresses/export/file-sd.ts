import { familyOf } from "../../values/address.ts";
import { vlansText } from "../../guest/port-vlans.ts";
import type { BookedGuest } from "../book.ts";
import type { ExportOptions } from "./options.ts";

/** A target of Prometheus' file_sd_configs. */
interface Target {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Returns a target for each guest, by its first address, and labels that tell what that address is on. */
export const renderFileSd = (guests: readonly BookedGuest[], { port }: ExportOptions): string => {
  const targets = guests.flatMap((guest): readonly Target[] => {
    const nic = guest.nics.find(({ addresses }) => addresses.length > 0);
    const [first] = nic?.addresses ?? [];
    if (nic === undefined || first === undefined) return [];
    const { address } = first;
    const host = familyOf(address) === "ipv6" ? `[${address}]` : address;
    const { name, kind, on, vlans } = nic;
    return [
      {
        targets: [`${host}:${String(port)}`],
        labels: {
          guest: guest.name,
          ...(guest.host === null ? {} : { host: guest.host }),
          ...{ nic: name, type: kind },
          ...(on === null ? {} : { on }),
          ...(vlans === null ? {} : { vlan: vlansText(vlans) }),
        },
      },
    ];
  });
  return `${JSON.stringify(targets, null, 2)}\n`;
};
