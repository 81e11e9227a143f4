import { type Family, familyOf } from "../../values/address.ts";
import type { RoutedAttachment } from "../../guest/attachment.ts";
import type { SysctlFact } from "../facts/fact.ts";
import type { IfName } from "../../values/names.ts";

/** The families that the guest has addresses of. */
export const familiesOf = (attachment: RoutedAttachment): ReadonlySet<Family> =>
  new Set(attachment.addresses.map(familyOf));

/** The settings of a routed tap, of both families: of the one that the guest has not there is nothing on it. */
export const tapSettings = (dev: IfName, attachment: RoutedAttachment): readonly SysctlFact[] => {
  const set = (family: Family, setting: string, on: boolean): SysctlFact => ({
    kind: "sysctl",
    name: `net/${family}/conf/${dev}/${setting}`,
    value: on ? "1" : "0",
  });
  const has = familiesOf(attachment);
  const ipv4 = [
    set("ipv4", "forwarding", has.has("ipv4")),
    set("ipv4", "accept_redirects", false),
    set("ipv4", "send_redirects", false),
    // ARP has no reverse path filter but this: a question in another's name is not answered, and makes no neighbour
    // (ip-sysctl, arp_filter; arp_process). The table of neighbours is the whole host's, and full at some time.
    set("ipv4", "arp_filter", attachment.antispoof),
  ];
  const ipv6 = [
    set("ipv6", "disable_ipv6", false),
    // 1 is "none" (ip-sysctl, addr_gen_mode): a link-local address of the kernel's own would stand beside the gateway.
    set("ipv6", "addr_gen_mode", true),
    set("ipv6", "forwarding", true),
    set("ipv6", "accept_ra", false),
    set("ipv6", "accept_redirects", false),
  ];
  return has.has("ipv6") ? [...ipv4, ...ipv6] : [...ipv4, set("ipv6", "disable_ipv6", true)];
};
