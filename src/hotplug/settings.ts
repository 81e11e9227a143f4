import { isDeepStrictEqual } from "node:util";
import { ownVlans, readOwnVlans } from "../libvirt/metadata/port.ts";
import { allSettings, settingsOf } from "../libvirt/metadata/nic-elements.ts";
import type { SettingKey } from "../libvirt/metadata/nic-element.ts";
import { readVlan, vlanElement } from "../libvirt/network/vlan.ts";
import { good, refused, type Result } from "../values/result.ts";
import { MOST_MACS } from "../guest/port-policy.ts";
import { never } from "../values/brand.ts";
import { parseMac } from "../values/mac.ts";
import { parseVidSet, renderVidSet, toVid } from "../values/vid.ts";
import { nearest } from "../values/nearest.ts";
import { ownElement } from "../libvirt/metadata/guest-element.ts";
import { replaced, withAttributes, withoutAttributes } from "../xml/edit.ts";
import { child, type XmlElement } from "../xml/tree.ts";
import { setList, withTexts } from "./routed-settings.ts";

/** One argument of `guestnet set`: `vlan=30`. */
export interface NicSetting {
  readonly key: string;
  readonly value: string;
}

/** @returns null when it is no `KEY=VALUE` */
export const parseSetting = (text: string): NicSetting | null => {
  const match = /^([a-z]+)=(.*)$/s.exec(text);
  return match === null ? null : { key: match[1] ?? "", value: match[2] ?? "" };
};

const setVlan = (nic: XmlElement, value: string): Result<XmlElement, string> => {
  const vid = /^\d+$/.test(value) ? toVid(Number(value)) : null;
  if (vid === null) return refused(`vlan must be a VLAN ID from 1 to 4094, found "${value}"`);
  const access = { ...withoutAttributes(nic, "vlans", "native"), name: "access" };
  return good(withAttributes(access, { vlan: String(vid) }));
};

const setTrunk = (nic: XmlElement, value: string): Result<XmlElement, string> => {
  const vids = parseVidSet(value);
  if (vids === null) return refused(`trunk must be VLAN IDs and ranges such as 30,100-199, found "${value}"`);
  const trunk = { ...withoutAttributes(nic, "vlan"), name: "trunk" };
  return good(withAttributes(trunk, { vlans: renderVidSet(vids) }));
};

const setNative = (nic: XmlElement, value: string): Result<XmlElement, string> => {
  if (nic.name !== "trunk") return refused("native requires a trunk: set trunk=VLANS before it");
  if (value === "none") return good(withoutAttributes(nic, "native"));
  const vid = /^\d+$/.test(value) ? toVid(Number(value)) : null;
  return vid === null
    ? refused(`native must be a VLAN ID from 1 to 4094, or none; found "${value}"`)
    : good(withAttributes(nic, { native: String(vid) }));
};

/** Only what is not the default is written, as genxml does. */
const setSwitch = (
  nic: XmlElement,
  key: string,
  value: string,
  byDefault: string,
): Result<XmlElement, string> => {
  if (value !== "yes" && value !== "no") return refused(`${key} must be yes or no, found "${value}"`);
  const rest = withoutAttributes(nic, key);
  return good(value === byDefault ? rest : withAttributes(rest, { [key]: value }));
};

const setMacs = (nic: XmlElement, value: string): Result<XmlElement, string> => {
  const words = value.split(",").filter((word) => word !== "");
  const bad = words.filter((word) => parseMac(word) === null);
  if (words.length > MOST_MACS)
    return refused(`macs must be at most ${String(MOST_MACS)} MAC addresses, found ${String(words.length)}`);
  return bad.length > 0
    ? refused(`macs must be a comma-separated list of unicast MAC addresses, found "${bad.join(",")}"`)
    : good(
        withTexts(
          nic,
          "mac",
          words.map((word) => word.toLowerCase()),
        ),
      );
};

const keyOf = (text: string): SettingKey | undefined => allSettings().find((key) => key === text);

const setKey = (nic: XmlElement, key: SettingKey, value: string): Result<XmlElement, string> => {
  switch (key) {
    case "vlan":
      return setVlan(nic, value);
    case "trunk":
      return setTrunk(nic, value);
    case "native":
      return setNative(nic, value);
    case "isolated":
      return setSwitch(nic, key, value, "no");
    case "antispoof":
      return setSwitch(nic, key, value, "yes");
    case "macs":
      return setMacs(nic, value);
    case "addresses":
    case "prefixes":
    case "gateway":
      return setList(nic, key, value);
    default:
      return never(key);
  }
};

const setOne = (nic: XmlElement, { key: text, value }: NicSetting): Result<XmlElement, string> => {
  const keys = settingsOf(nic);
  const key = keyOf(text);
  return key === undefined || !keys.includes(key)
    ? refused(`${text} is not a setting of this NIC: use ${keys.join(", ")}`)
    : setKey(nic, key, value);
};

/** Returns what is wrong with a setting for every NIC, or null. */
export const wrongWithSetting = ({ key: text, value }: NicSetting): string | null => {
  const key = keyOf(text);
  if (key === undefined) {
    const all = allSettings();
    const near = nearest(text, all, 2);
    return `"${text}" is not a setting; ${near === null ? `use ${all.join(", ")}` : `did you mean ${near}?`}`;
  }
  const set = setKey(ownElement("trunk", { vlans: "1" }), key, value);
  return set.ok ? null : set.problems.join("; ");
};

/** The parts of a NIC with the settings: the metadata, and the `<interface>`, whose `<vlan>` may have its VLANs. */
export interface SettableNic {
  readonly metadata: XmlElement;
  readonly element: XmlElement;
}

const applyAll = (metadata: XmlElement, settings: readonly NicSetting[]): Result<XmlElement, string> => {
  let changed: Result<XmlElement, string> = good(metadata);
  for (const setting of settings) {
    if (!changed.ok) return changed;
    changed = setOne(changed.value, setting);
  }
  return changed;
};

/** A `<port>` has no VLANs: it is changed like an `<access>` or `<trunk>`, and its VLANs go back to the `<vlan>`. */
const applyToPort = (
  { metadata, element }: SettableNic,
  settings: readonly NicSetting[],
): Result<SettableNic, string> => {
  const said = child(element, "vlan");
  const read = readVlan(said);
  if (said === null || read.kind === "none") return refused("its <interface> has no <vlan>");
  if (read.kind === "wrong") return refused(read.why);
  const own = { ...withAttributes(metadata, ownVlans(read.vlans)), name: read.vlans.kind };
  const changed = applyAll(own, settings);
  if (!changed.ok) return changed;
  const vlans = readOwnVlans(changed.value);
  if (!vlans.ok) return vlans;
  const port = { ...withoutAttributes(changed.value, "vlan", "vlans", "native"), name: metadata.name };
  const same = isDeepStrictEqual(vlans.value, read.vlans);
  return good({
    metadata: port,
    element: same ? element : replaced(element, said, vlanElement(vlans.value)),
  });
};

/** A NIC with these settings in it, one after the other; all else of it stays. */
export const applySettings = (
  nic: SettableNic,
  settings: readonly NicSetting[],
): Result<SettableNic, string> => {
  if (nic.metadata.name === "port") return applyToPort(nic, settings);
  const changed = applyAll(nic.metadata, settings);
  return changed.ok ? good({ ...nic, metadata: changed.value }) : changed;
};
