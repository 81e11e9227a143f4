import { parseAddress } from "../../values/address.ts";
import { rangeOf, readPrefix, UNROUTABLE } from "../../values/address-range.ts";
import type { Account } from "../report/account.ts";
import type { SourceNic } from "../source-guest.ts";
import type { WrittenNic } from "./written-nic.ts";

/** vif-route: a tap of its own, with host routes to the addresses of `ip=`; null where it has none. */
export const attachRouted = (
  nic: SourceNic,
  texts: readonly string[],
  used: Set<string>,
  account: Account,
): WrittenNic | null => {
  const at = nic.attachmentAt;
  const addresses: string[] = [];
  const prefixes: string[] = [];
  for (const text of texts) {
    const [host = ""] = text.split("/");
    const address = parseAddress(host);
    const read = readPrefix(text);
    const wide = read.kind === "prefix" && read.length < (text.includes(":") ? 128 : 32) && read.length > 0;
    const known =
      address !== null &&
      !UNROUTABLE.has(rangeOf(address)) &&
      (read.kind !== "not-a-prefix" || !text.includes("/"));
    const canonical = wide ? read.prefix : (address ?? "");
    if (!known) account.unknown({ ...at, found: text }, "this is no address of a guest", "person");
    else if (used.has(canonical)) account.dropped({ ...at, found: text }, "the address is here already");
    else {
      used.add(canonical);
      if (read.kind === "host-bits")
        account.changed(
          { ...at, found: text },
          `the one address ${address}: a network of that length has bits set behind it`,
          "step",
        );
      if (wide) prefixes.push(canonical);
      else addresses.push(canonical);
    }
  }
  const family = (text: string): boolean => text.includes(":");
  const lonely = prefixes.filter(
    (prefix) => !addresses.some((address) => family(address) === family(prefix)),
  );
  for (const prefix of lonely)
    account.dropped(
      { ...at, found: prefix },
      "a network is routed via an address of the guest's of the same family, and there is none",
      "person",
    );
  if (addresses.length === 0) {
    account.dropped(
      at,
      "vif-route without an address of the guest: the NIC is not in the profile until you give it one",
      "person",
    );
    return null;
  }
  const kept = prefixes.filter((prefix) => !lonely.includes(prefix));
  account.taken(
    { ...at, found: texts.join(" ") },
    `a routed tap with ${[...addresses, ...kept].join(", ")}; its gateways are fe80::1 and 169.254.0.1`,
    "step",
  );
  return { type: "routed", addresses, ...(kept.length === 0 ? {} : { prefixes: kept }) };
};
