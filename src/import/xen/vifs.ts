import {
  parseOvsBridge,
  parseVifVlans,
  readRate,
  readXenMac,
  splitVif,
  VIF_FLAGS,
  VIF_KEYS,
} from "./syntax/vif.ts";
import type { Given, Origin } from "../report/report.ts";
import type { KeyReader, Item } from "./key-reader.ts";
import type { SourceAttachment, SourceNic } from "../source-guest.ts";
import { parseMac } from "../../values/mac.ts";
import { withoutSecrets, placeIn } from "./syntax/value.ts";
import { nearest } from "../../values/nearest.ts";

/** Returns the attachment by the script of the interface; Xen's own scripts are identified by their names. */
export const attachmentOf = (item: Words, keys: KeyReader): SourceAttachment => {
  const [script, bridge, vlan] = [item.word("script"), item.word("bridge"), item.word("vlan")];
  const name = script?.value.trim().replace(/^.*\//, "") ?? "vif-bridge";
  const on = bridge?.value.trim() ?? DEFAULT_BRIDGE;
  const vlans = vlan === null ? null : parseVifVlans(vlan.value);
  if (vlan !== null && vlans === null)
    keys.report.refuse("xen-vif", vlan, `must be VLANs such as 10p/20/100-199, found ${vlan.found}`);
  const ports =
    vlans === null ? null : { native: vlans.pvid, tagged: vlans.vids.filter((vid) => vid !== vlans.pvid) };
  if (vlan !== null && vlans !== null && vlans.pvid === null)
    keys.report.taken(
      vlan,
      "tagged only, because none has a p: untagged frames of the guest are dropped",
      "step",
    );
  const extra = vlans?.untagged.filter((vid) => vid !== vlans.pvid) ?? [];
  if (vlan !== null && extra.length > 0)
    keys.report.changed(
      vlan,
      `VLANs ${extra.join(", ")} were untagged only towards the guest; here they are tagged`,
      "person",
    );
  switch (name) {
    case "vif-bridge":
    case "":
      return { kind: "bridge", bridge: on, vlans: ports };
    case "vif-route":
      return { kind: "routed" };
    case "vif-nat":
      return { kind: "nat" };
    case "vif-openvswitch": {
      const port = parseOvsBridge(on);
      if (port === null) {
        keys.report.refuse(
          "xen-vif",
          bridge ?? item.origin,
          `must be NAME[.TAG][:TRUNK…] with VLAN IDs from 1 to 4094, found ${on}`,
        );
        return { kind: "ovs", bridge: on, vlans: null };
      }
      const own =
        port.tag === null && port.trunks.length === 0 ? null : { native: port.tag, tagged: port.trunks };
      return { kind: "ovs", bridge: port.bridge, vlans: ports ?? own };
    }
    default:
      return { kind: "other", what: name, bridge: on };
  }
};

/** The words of one vif. */
export interface Words {
  readonly origin: Origin;
  readonly word: (name: string) => Given<string> | null;
}

/** xl's default bridge (xl.conf can set another). */
const DEFAULT_BRIDGE = "xenbr0";

/** The MAC address; one that is none, or a group's, is refused. */
const readMac = (item: Words, keys: KeyReader): string | null => {
  const given = item.word("mac");
  if (given === null) return null;
  const mac = readXenMac(given.value);
  if (mac === null)
    keys.report.refuse(
      "xen-vif",
      given,
      `must be a MAC address such as 00:16:3e:12:34:56, found ${given.found}`,
    );
  else if (parseMac(mac) === null) {
    keys.report.refuse(
      "xen-vif",
      given,
      `must be a unicast MAC address (the first byte even, not all zeros), found ${given.found}`,
    );
  }
  return mac;
};

/** Rate and MTU. */
const readNumbers = (item: Words, keys: KeyReader): Pick<SourceNic, "rate" | "mtu"> => {
  const [rate, mtu] = [item.word("rate"), item.word("mtu")];
  const bytes = rate === null ? null : readRate(rate.value);
  if (rate !== null && bytes === null)
    keys.report.refuse("xen-vif", rate, `must be a rate such as 10Mb/s or 250KB/s@20ms, found ${rate.found}`);
  if (mtu !== null && !/^[1-9]\d{0,4}$/.test(mtu.value.trim()))
    keys.report.refuse("xen-vif", mtu, `must be a number, found ${mtu.found}`);
  return {
    rate: rate === null || bytes === null ? null : { ...rate, value: bytes },
    mtu: mtu === null ? null : { ...mtu, value: Number(mtu.value) },
  };
};

const QUIET: Readonly<Record<string, string>> = {
  type: "emulated or not; on KVM each NIC is one device",
  accel: "a Xen plug-in for network cards",
  trusted: "the guest trusts the host's QEMU",
  untrusted: "the guest trusts the host's QEMU",
  devid: "the NICs keep this order",
};

const readNic = ({ value, origin }: Item, keys: KeyReader): SourceNic => {
  const { words, unrecognised } = splitVif(value.text);
  const { report } = keys;
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
    report.unknown(
      { ...origin, at: placeIn(value, index), found: withoutSecrets(text) },
      `unknown vif key: Xen reports "unrecognized argument" and ignores it${hint}`,
      "person",
    );
  }
  for (const [index, one] of words.entries()) {
    const from = place(one.index, one.name, one.text);
    const quiet = QUIET[one.name];
    if (words.findLastIndex(({ name }) => name === one.name) !== index)
      report.dropped(from, "set again after it; the last one takes precedence");
    else if (quiet !== undefined) report.dropped(from, quiet);
    else if (one.name === "gatewaydev" || one.name === "netdev")
      report.dropped(
        from,
        "vif-route uses the host's address on that interface as the source; here, the gateway is on the guest's tap",
        "step",
      );
    else if (one.name === "backend")
      report.dropped(from, "its backend is a driver domain; on KVM it is the host", "person");
  }
  const item = { origin, word };
  const attachment = attachmentOf(item, keys);
  const ip = word("ip");
  const script = word("script");
  if (script !== null && attachment.kind === "bridge") report.taken(script, "a bridge, the default");
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
    addresses: ip === null ? null : { ...ip, value: ip.value.split(/\s+/).filter((part) => part !== "") },
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
      keys.report.changed(
        origin,
        "a separate NIC, as in Xen; if it belongs to the previous one, put both into one item",
        "person",
      );
  }
  return nics;
};
