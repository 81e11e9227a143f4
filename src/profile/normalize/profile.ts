import type { Profile, CloudInit } from "../../guest/profile.ts";
import type { Site } from "../../guest/site.ts";
import { deriveUuid } from "./derive.ts";
import { normalizeDisks, normalizeHostDevices } from "./devices.ts";
import { normalizeHardware, vcpuCountOf } from "./hardware.ts";
import { normalizePlatform } from "./platform.ts";
import { withSystem } from "./system.ts";
import { normalizeInterface } from "./interface.ts";
import type { WrittenProfile } from "../schema/profile.ts";
import { toHostname } from "../../values/hostname.ts";
import type { Uuid } from "../../values/names.ts";

/** Fills in the defaults. The same profile always gives the same result. */
export const normalizeProfile = (written: WrittenProfile, site: Site | null): Profile =>
  normalize(withSystem(written), written.uuid ?? deriveUuid(written.name), site);

const normalize = (written: WrittenProfile, uuid: Uuid, site: Site | null): Profile => ({
  name: written.name,
  uuid,
  uuidFrom: written.uuid === undefined ? "name" : "profile",
  title: written.title ?? null,
  description: written.description ?? null,
  virtType: written.virtType ?? null,
  template: written.template ?? null,
  disks: normalizeDisks(written.disks ?? [], written.cdroms ?? [], written.arch),
  hostDevices: normalizeHostDevices(written.hostDevices ?? []),
  interfaces: (written.interfaces ?? []).map((nic, index) =>
    normalizeInterface(nic, { name: written.name, vcpus: vcpuCountOf(written.vcpus) ?? 1, index, site }),
  ),
  cloudInit: normalizeCloudInit(written, uuid),
  ...normalizeHardware(written),
  ...normalizePlatform(written),
});

/**
 * The instance-id is the UUID, independent of the content: with another one, cloud-init makes new host keys and runs user-data
 * again, and that must not happen to a running guest when its files are regenerated. To force it, change `instanceId`.
 */
const normalizeCloudInit = ({ name, cloudInit = {} }: WrittenProfile, uuid: Uuid): CloudInit => ({
  instanceId: cloudInit.instanceId ?? uuid,
  hostname: cloudInit.hostname ?? toHostname(name),
  userData: cloudInit.userData ?? null,
  dns: { servers: cloudInit.dns?.servers ?? [], search: cloudInit.dns?.search ?? [] },
});
