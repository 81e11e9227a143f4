import { parseMac } from "../../values/mac.ts";
import { readRate, readXenMac } from "./syntax/vif-spec.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceNic } from "../source-guest.ts";
import type { Words } from "./vif-script.ts";

/** The MAC address; one that is none, or a group's, is refused. */
export const readMac = (item: Words, keys: KeyReader): string | null => {
  const given = item.word("mac");
  if (given === null) return null;
  const mac = readXenMac(given.value);
  if (mac === null)
    keys.account.refuse(
      "xen-vif",
      given,
      `must be a MAC address such as 00:16:3e:12:34:56, found ${given.found}`,
    );
  else if (parseMac(mac) === null) {
    keys.account.refuse(
      "xen-vif",
      given,
      `must be the MAC address of one NIC (the first byte even, not all zeros), which libvirt refuses otherwise, found ${given.found}`,
    );
  }
  return mac;
};

/** Rate and MTU. */
export const readNumbers = (item: Words, keys: KeyReader): Pick<SourceNic, "rate" | "mtu"> => {
  const [rate, mtu] = [item.word("rate"), item.word("mtu")];
  const bytes = rate === null ? null : readRate(rate.value);
  if (rate !== null && bytes === null)
    keys.account.refuse(
      "xen-vif",
      rate,
      `must be a rate such as 10Mb/s or 250KB/s@20ms, found ${rate.found}`,
    );
  if (mtu !== null && !/^[1-9]\d{0,4}$/.test(mtu.value.trim()))
    keys.account.refuse("xen-vif", mtu, `must be a number, found ${mtu.found}`);
  return {
    rate: rate === null || bytes === null ? null : { ...rate, value: bytes },
    mtu: mtu === null ? null : { ...mtu, value: Number(mtu.value) },
  };
};
