import type { GuestName, Uuid } from "../../values/names.ts";
import type { CloudInit } from "../../guest/profile.ts";
import { deriveUuid } from "./derive.ts";
import type { WrittenCloudInit } from "../schema/written-cloud-init.ts";

/** A guest's name as a hostname, which has no underscores, no empty labels and no dash at a label's ends. */
const toHostname = (name: GuestName): string =>
  name
    .replaceAll("_", "-")
    .split(".")
    .map((label) => label.replaceAll(/^-+|-+$/g, ""))
    .filter((label) => label !== "")
    .join(".");

/**
 * The instance-id is the UUID whatever the content is: for another one cloud-init makes new host keys and runs user-data
 * again, and that must not happen to a running guest because somebody wrote its files anew. Who wants it gives another.
 */
export const normalizeCloudInit = ({
  name,
  uuid,
  cloudInit = {},
}: {
  readonly name: GuestName;
  readonly uuid?: Uuid | undefined;
  readonly cloudInit?: WrittenCloudInit | undefined;
}): CloudInit => ({
  instanceId: cloudInit.instanceId ?? uuid ?? deriveUuid(name),
  hostname: cloudInit.hostname ?? toHostname(name),
  userData: cloudInit.userData ?? null,
  dns: { servers: cloudInit.dns?.servers ?? [], search: cloudInit.dns?.search ?? [] },
});
