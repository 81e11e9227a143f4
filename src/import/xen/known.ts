import { closest, distance } from "fastest-levenshtein";
import { DROPPED } from "./dropped.ts";

/** The keys that are read for the profile. */
const READ = [
  ...[
    "name",
    "uuid",
    "type",
    "builder",
    "memory",
    "maxmem",
    "vcpus",
    "maxvcpus",
    "cpus",
    "kernel",
    "ramdisk",
    "cmdline",
  ],
  ...[
    "root",
    "extra",
    "bootloader",
    "boot",
    "bios",
    "firmware",
    "localtime",
    "on_poweroff",
    "on_reboot",
    "on_crash",
  ],
  ...[
    "on_watchdog",
    "vnc",
    "vnclisten",
    "vncdisplay",
    "vncunused",
    "vncpasswd",
    "vfb",
    "spice",
    "spicehost",
    "spiceport",
  ],
  ...[
    "spicepasswd",
    "spicedisable_ticketing",
    "vga",
    "stdvga",
    "serial",
    "usbdevice",
    "usbdev",
    "pci",
    "pci_permissive",
  ],
  ...["pci_msitranslate", "pci_seize", "pci_power_mgmt", "vtpm", "ms_vm_genid", "disk", "vif"],
] as const;

/** All keys of xl and xm that we know. */
export const KNOWN_KEYS: readonly string[] = [...READ, ...Object.keys(DROPPED)];

/** The known word that is meant, most likely, or null when none is near. */
export const nearest = (word: string, known: readonly string[]): string | null => {
  const near = closest(word.toLowerCase(), [...known]);
  return distance(word.toLowerCase(), near) <= Math.max(1, Math.floor(word.length / 3)) ? near : null;
};
