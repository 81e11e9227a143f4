import * as v from "valibot";
import { parseAddress, rangeOf, readPrefix, UNROUTABLE } from "../model/address.ts";
import { parseMac } from "../model/mac.ts";
import { parseGuestName, parseIfName, parseTapName, parseUuid } from "../model/names.ts";
import { MAX_VID, MIN_VID, parseRange, toVid } from "../model/vid.ts";
import { say } from "./say.ts";

/** A string that a constructor of `model/` takes; its result is what the program goes on with. */
const read = <T>(parse: (text: string) => T | null, message: ReturnType<typeof say>) =>
  v.pipe(
    v.string(message),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== null) return value;
      addIssue({ message });
      return NEVER;
    }),
  );

const VLAN_RULE = say("vlan-range", (input) => {
  const reserved = input === 0 || input === 4095 ? ` (${String(input)} is reserved)` : "";
  return `must be a VLAN ID, a number from ${String(MIN_VID)} to ${String(MAX_VID)}${reserved}`;
});
export const vlanId = v.pipe(
  v.number(VLAN_RULE),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const vid = toVid(dataset.value);
    if (vid !== null) return vid;
    addIssue({ message: VLAN_RULE });
    return NEVER;
  }),
);

const RANGE_RULE = say(
  "vlan-range",
  `must be a VLAN ID from ${String(MIN_VID)} to ${String(MAX_VID)} or a range such as "100-199"`,
);
export const vlanRange = read((text) => (text.includes("-") ? parseRange(text) : null), RANGE_RULE);
/** One item of a trunk: a number or a range. */
export const trunkItem = v.union([vlanId, vlanRange], RANGE_RULE);

export const guestName = read(
  parseGuestName,
  say(
    "guest-name",
    "must be 1 to 63 letters, digits, dots, dashes or underscores, the first a letter or digit",
  ),
);
export const uuid = read(
  parseUuid,
  say("uuid", 'must be a UUID such as "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10"'),
);
export const mac = read(
  parseMac,
  say("mac", 'must be a unicast MAC address such as "52:54:00:12:34:56" (the first byte even)'),
);
export const bridgeName = read(
  parseIfName,
  say(
    "interface-name",
    "must be a network interface's name: 1 to 15 characters, no blanks, slashes, colons or quotes",
  ),
);
export const tapName = read(
  parseTapName,
  say(
    "tap-name",
    "must be 1 to 15 of a–z, 0–9 and dashes, and not begin with vnet, macvtap or macvlan, which libvirt keeps for itself",
  ),
);

const ADDRESS_RULE = say("address", (input) => {
  const base =
    "must be one unicast IPv4 or IPv6 address of the guest, without a prefix length or with /32 or /128";
  return typeof input === "string" && input.includes("/")
    ? `${base} (a whole network belongs in "prefixes")`
    : base;
});
/** A guest's own address. `/32` and `/128` say nothing new and are taken. */
export const hostAddress = read((text) => {
  const bare = text.includes(":") ? text.replace(/\/128$/, "") : text.replace(/\/32$/, "");
  const address = parseAddress(bare);
  return address === null || UNROUTABLE.has(rangeOf(address)) ? null : address;
}, ADDRESS_RULE);

export const gatewayAddress = read(
  (text) => {
    const address = parseAddress(text);
    return address === null || ["multicast", "unspecified", "loopback"].includes(rangeOf(address))
      ? null
      : address;
  },
  say("gateway", 'must be an address without a prefix length, such as "fe80::1" or "169.254.0.1"'),
);

const PREFIX_RULE = say("prefix", (input) => {
  const base = 'must be a network such as "2001:db8:53::/64" or "198.51.100.0/28"';
  if (typeof input !== "string") return base;
  const prefix = readPrefix(input);
  if (prefix.kind === "host-bits")
    return `${base} with no bits set behind the prefix length (${prefix.network})`;
  return prefix.kind === "prefix" ? `${base}, not everything and not multicast or link-local` : base;
});
export const network = read((text) => {
  const prefix = readPrefix(text);
  if (prefix.kind !== "prefix" || prefix.length === 0) return null;
  const address = parseAddress(prefix.prefix.split("/")[0] ?? "");
  // ::/3 begins at the unspecified address and is still no network for a guest.
  return address === null || UNROUTABLE.has(rangeOf(address)) ? null : prefix.prefix;
}, PREFIX_RULE);

const KIB: Readonly<Record<string, number>> = { KiB: 1, MiB: 1024, GiB: 1024 ** 2, TiB: 1024 ** 3 };
/** An amount of memory, as KiB. */
export const size = read(
  (text) => {
    const match = /^(\d+(?:\.\d+)?) ?([KMGT]iB)$/.exec(text);
    const kib = Math.round(Number(match?.[1]) * (KIB[match?.[2] ?? ""] ?? NaN));
    return kib >= 1024 && kib <= 64 * 1024 ** 3 ? kib : null;
  },
  say("size", 'must be an amount with its unit, such as "512 MiB" or "1.5 GiB", from 1 MiB to 64 TiB'),
);

/** A whole number within bounds. */
export const count = (min: number, max: number) => {
  const message = say("count", `must be a whole number from ${String(min)} to ${String(max)}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

// XML 1.0 has no way to write most control characters, half surrogate pairs, U+FFFE and U+FFFF, not even escaped.
const UNWRITABLE = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;
/** Text on one line that XML can carry. */
export const line = (() => {
  const message = say("text", "must be text on one line, without control characters");
  return v.pipe(
    v.string(message),
    v.check((text) => !UNWRITABLE.test(text), message),
  );
})();
/** Text that may have line breaks. */
export const text = (() => {
  const message = say("text", "must be text without control characters other than line breaks and tabs");
  return v.pipe(
    v.string(message),
    v.check((value) => !UNWRITABLE.test(value.replaceAll(/[\n\t]/g, "")), message),
  );
})();
export const path = (() => {
  const message = say("path", 'must be an absolute path such as "/var/lib/libvirt/images/dns1.qcow2"');
  return v.pipe(
    v.string(message),
    v.check((value) => value.startsWith("/") && !UNWRITABLE.test(value), message),
  );
})();

export const flag = v.boolean(say("wrong-type", "must be true or false"));

/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(words: T) =>
  v.picklist(words, say("wrong-choice", `must be ${words.map((word) => `"${word}"`).join(" or ")}`));

/** A list with at least one item. */
export const list = <T extends v.GenericSchema>(item: T) => {
  const message = say("wrong-type", "must be a list with at least one item");
  return v.pipe(v.array(item, message), v.minLength(1, message));
};
