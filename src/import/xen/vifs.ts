import { withoutSecrets } from "./syntax/secrecy.ts";
import { placeIn } from "./syntax/value.ts";
import { splitVif, VIF_FLAGS, VIF_KEYS } from "./syntax/vif-spec.ts";
import type { Given, Origin } from "../report/account.ts";
import type { KeyReader } from "./key-reader.ts";
import type { Item } from "./show-value.ts";
import type { SourceNic } from "../source-guest.ts";
import { nearest } from "./known.ts";
import { attachmentOf } from "./vif-script.ts";
import { readMac, readNumbers } from "./vif-values.ts";

const QUIET: Readonly<Record<string, string>> = {
  type: "emulated or not: a KVM guest has one device for each NIC",
  accel: "a plug-in of Xen's for network cards",
  trusted: "the guest trusts the host's QEMU",
  untrusted: "the guest trusts the host's QEMU",
  devid: "the NICs keep the order that they have here",
};

const readNic = ({ value, origin }: Item, keys: KeyReader): SourceNic => {
  const { words, unrecognised } = splitVif(value.text);
  const { account } = keys;
  const place = (index: number, name: string, found: string): Origin => ({
    at: placeIn(value, index),
    path: [...origin.path, name],
    found,
  });
  const word = (name: string): Given<string> | null => {
    const last = words.findLast((one) => one.name === name);
    return last === undefined ? null : { ...place(last.index, name, last.text), value: last.text };
  };
  for (const { text, index } of unrecognised) {
    const near = nearest(text.split("=")[0] ?? "", [...VIF_KEYS, ...VIF_FLAGS]);
    const hint = near === null ? "" : `; did you mean ${near}=?`;
    account.unknown(
      { ...origin, at: placeIn(value, index), found: withoutSecrets(text) },
      `no word of a vif: Xen says "unrecognized argument" and goes on without it${hint}`,
      "person",
    );
  }
  for (const [index, one] of words.entries()) {
    const from = place(one.index, one.name, one.text);
    const quiet = QUIET[one.name];
    if (words.findLastIndex(({ name }) => name === one.name) !== index)
      account.dropped(from, "given again behind it; the last one counts");
    else if (quiet !== undefined) account.dropped(from, quiet);
    else if (one.name === "gatewaydev" || one.name === "netdev")
      account.dropped(
        from,
        "vif-route takes the host's address on that interface as the source; here the guest's gateway is on its own tap",
        "step",
      );
    else if (one.name === "backend")
      account.dropped(
        from,
        "the network is another guest's, a driver domain; here it is the host's",
        "person",
      );
  }
  const item = { origin, word };
  const attachment = attachmentOf(item, keys);
  const ip = word("ip");
  const script = word("script");
  if (script !== null && attachment.kind === "bridge") account.taken(script, "a bridge, the usual way");
  return {
    ...origin,
    words: words.map((one) => place(one.index, one.name, one.kind === "key" ? one.text : "")),
    mac: readMac(item, keys),
    attachment,
    attachmentAt:
      (attachment.kind === "routed" || attachment.kind === "nat" ? script : word("bridge")) ?? origin,
    model: word("model"),
    ...readNumbers(item, keys),
    tap: word("vifname"),
    addresses:
      ip === null || attachment.kind === "routed"
        ? null
        : { ...ip, value: ip.value.split(/\s+/).filter((part) => part !== "") },
  };
};

/** The NICs, one for each item. */
export const readXenNics = (keys: KeyReader): readonly SourceNic[] => {
  const items = keys.items("vif");
  const nics = items.map((item) => readNic(item, keys));
  // Two items that are each half of a NIC are two NICs; more likely one was meant.
  const has = (text: string, key: string): boolean => splitVif(text).words.some(({ name }) => name === key);
  for (const [index, { value, origin }] of items.entries()) {
    const before = items[index - 1]?.value.text ?? "";
    const isHalf = (one: string, other: string): boolean =>
      has(one, "bridge") && !has(one, "mac") && has(other, "mac") && !has(other, "bridge");
    if (isHalf(before, value.text) || isHalf(value.text, before))
      keys.account.changed(
        origin,
        "a NIC of its own, as Xen has it; if it belongs to the one before, put both into one item",
        "person",
      );
  }
  return nics;
};
