import type { Profile } from "../../guest/profile.ts";
import type { Site } from "../../guest/site.ts";
import { deriveUuid } from "./derive.ts";
import { normalizeCloudInit } from "./normalize-cloud-init.ts";
import { normalizeDisks } from "./normalize-disk.ts";
import { normalizeHardware, vcpuCountOf } from "./normalize-hardware.ts";
import { normalizeHostDevices } from "./normalize-host-device.ts";
import { normalizeInterface } from "./normalize-interface.ts";
import type { WrittenProfile } from "../schema/written.ts";

/** Fills in what was left out. The same profile always gives the same result. */
export const normalizeProfile = (written: WrittenProfile, site: Site | null): Profile => ({
  name: written.name,
  uuid: written.uuid ?? deriveUuid(written.name),
  uuidFrom: written.uuid === undefined ? "name" : "profile",
  title: written.title ?? null,
  description: written.description ?? null,
  virtType: written.virtType ?? null,
  template: written.template ?? null,
  ...normalizeHardware(written),
  disks: normalizeDisks(written.disks ?? [], written.cdroms ?? []),
  hostDevices: normalizeHostDevices(written.hostDevices ?? []),
  interfaces: (written.interfaces ?? []).map((nic, index) =>
    normalizeInterface(nic, { name: written.name, vcpus: vcpuCountOf(written.vcpus) ?? 1, index, site }),
  ),
  cloudInit: normalizeCloudInit(written),
});
