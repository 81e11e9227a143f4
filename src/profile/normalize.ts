import type { Profile } from "../model/profile.ts";
import type { Site } from "../model/site.ts";
import { deriveUuid } from "./derive.ts";
import { normalizeDisks } from "./normalize-disk.ts";
import { normalizeInterface } from "./normalize-interface.ts";
import type { WrittenProfile } from "./written.ts";

/** Fills in what was left out. The same profile always gives the same result. */
export const normalizeProfile = (written: WrittenProfile, site: Site | null): Profile => ({
  name: written.name,
  uuid: written.uuid ?? deriveUuid(written.name),
  title: written.title ?? null,
  description: written.description ?? null,
  virtType: written.virtType ?? "kvm",
  memoryKiB: written.memory,
  vcpus: written.vcpus ?? 1,
  firmware: written.firmware ?? "bios",
  boot:
    written.boot === undefined
      ? null
      : {
          kernel: written.boot.kernel,
          initrd: written.boot.initrd ?? null,
          cmdline: written.boot.cmdline ?? null,
        },
  disks: normalizeDisks(written.disks ?? []),
  interfaces: (written.interfaces ?? []).map((nic, index) =>
    normalizeInterface(nic, { name: written.name, vcpus: written.vcpus ?? 1, index, site }),
  ),
});
