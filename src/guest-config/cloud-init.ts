import type { Profile } from "../guest/profile.ts";
import { type DefaultRoute, toGuestInterfaces } from "./guest-interface.ts";
import { toVersion2 } from "./version2.ts";
import { toYaml } from "./yaml.ts";

/**
 * A next hop that has to be called on link is a route of its own. Another one of IPv6 is `gateway6`, deprecated and yet the
 * only form that all of cloud-init's renderers understand: all but netplan's turn a route to `::/0` into one to `::/64`
 * (canonical/cloud-init #4600), and for fe80::1 in a route ifupdown's omits the device.
 */
const isGateway6 = ({ family, onLink, metric }: DefaultRoute): boolean =>
  family === "ipv6" && !onLink && metric === null;

/** Identifies the guest: https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html */
export const renderMetaData = ({ cloudInit }: Profile): string =>
  toYaml({ "instance-id": cloudInit.instanceId, "local-hostname": cloudInit.hostname });

/**
 * The interfaces, in version 2 (netplan's words).
 *
 * @returns null when the profile sets nothing of any: without the file cloud-init asks for DHCP, and an empty one would forbid it
 */
export const renderNetworkConfig = (profile: Profile): string | null => {
  const interfaces = toGuestInterfaces(profile);
  return interfaces.length === 0 ? null : toYaml(toVersion2(interfaces, (routes) => routes.find(isGateway6)));
};

/** cloud-init accepts a seed only with user-data in it, even if that is empty. */
export const NO_USER_DATA = "#cloud-config\n{}\n";

/** cloud-init detects the kind of user-data by its first line, and only logs and ignores an unknown one. */
const BEGINNINGS =
  /^(#cloud-config|#!|#include|#cloud-boothook|#part-handler|#upstart-job|## *template: *jinja|content-type:|mime-version:|from )/i;

/** Returns whether cloud-init accepts this: text with a known first line, or such a text in gzip. */
export const isUserData = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  BEGINNINGS.test(Buffer.from(bytes.subarray(0, 64)).toString("latin1"));
