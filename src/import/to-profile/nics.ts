import { LIBVIRTS_OWN, parseTapName, type GuestName } from "../../values/names.ts";
import type { Report, Given, Origin } from "../report/report.ts";
import type { InterfaceAddress } from "../../values/address-range.ts";
import { readInterfaceAddress } from "../../profile/schema/network.ts";
import { deriveMac, deriveTap } from "../../profile/normalize/derive.ts";
import type { BridgeMap } from "./bridge-map.ts";
import type { SourceGuest, SourceNic } from "../source-guest.ts";
import { attachNic, type WrittenNic } from "./attachment.ts";
import { quoteWord } from "../../values/shell-word.ts";

const RULE = "not a valid tap name (1 to 15 of a–z, 0–9 and dashes); derived from the guest's name instead";
const AUTOMATIC = "a temporary name from libvirt; derived from the guest's name instead";

/** The tap's name, if it is valid in a profile. */
export const tapOf = (given: Given<string> | null, used: Set<string>, report: Report): { tap?: string } => {
  if (given === null) return {};
  const tap = parseTapName(given.value.trim());
  if (tap === null) report.changed(given, LIBVIRTS_OWN.test(given.value.trim()) ? AUTOMATIC : RULE);
  else if (used.has(tap))
    report.changed(given, "another NIC has that name; derived from the guest's name instead", "step");
  else {
    used.add(tap);
    report.taken(given, "the tap's name");
    return { tap };
  }
  return {};
};

const MODELS = ["virtio", "e1000e", "e1000", "rtl8139"] as const;
type Model = (typeof MODELS)[number];

/** Returns the guest's network card: virtio, unless the file has another or the guest is Windows, which has no driver for it. */
const modelOf = (nic: SourceNic, guest: SourceGuest, report: Report): Model => {
  const usual = guest.system.kind === "windows" ? "e1000" : "virtio";
  const { model } = nic;
  if (model === null) return usual;
  const name = model.value.trim();
  const same = MODELS.find((known) => known === name);
  if (name === "netfront") {
    report.dropped(model, "virtio instead of Xen's card");
    return "virtio";
  }
  if (same === undefined) {
    report.changed(model, `${usual}: profiles do not support that card`, "step");
    return usual;
  }
  report.taken(
    model,
    same === "virtio" ? "virtio" : `${same}; virtio is much faster, but requires its driver in the guest`,
  );
  return same;
};

const macOf = (nic: SourceNic, index: number, name: GuestName, used: Set<string>, report: Report): string => {
  const written = nic.words.find(({ path }) => path.at(-1) === "mac");
  const at: Origin = written ?? { ...nic, path: [...nic.path, "mac"], found: "" };
  const own = deriveMac(name, index);
  if (nic.mac === null) {
    report.changed(at, `${own}: without one, Xen generates a new one at every start`, "step");
    report.task(
      "before",
      `\`xl network-list ${quoteWord(name)}\` shows the current MAC address of NIC ${index}; the profile sets ${own}. Change DHCP reservations and the guest's configuration, or the profile.`,
    );
    return own;
  }
  if (used.has(nic.mac)) {
    report.changed(at, `${own}: another NIC of this guest has ${nic.mac}`, "person");
    return own;
  }
  used.add(nic.mac);
  report.taken(at, nic.mac);
  return nic.mac;
};

/**
 * On a bridge `ip=` is a filter (vif-common.sh, handle_iptable), as `addresses` of a profile is on a VLAN-aware bridge.
 * Anything but an address in it is probably a word without its comma.
 */
const filterOf = (
  given: Given<readonly string[]>,
  attached: WrittenNic | null,
  report: Report,
): { addresses?: string[] } => {
  // They are the NIC's routes.
  if (attached?.type === "routed") return {};
  const read = (text: string): InterfaceAddress | null =>
    readInterfaceAddress(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
  const wrong = given.value.filter((text) => read(text) === null);
  for (const text of wrong)
    report.unknown(
      { ...given, found: text },
      "not an address, without effect; is a comma missing before it?",
      "person",
    );
  if (given.value.length === 0) report.dropped(given, "empty");
  const right = given.value.filter((text) => !wrong.includes(text));
  if (right.length === 0) return {};
  if (attached?.type !== "bridge" || "filtering" in attached) {
    report.dropped(
      given,
      "Xen allowed only these source addresses; guestnet checks them on VLAN-aware bridges only: use --bridge-map",
      "step",
    );
    return {};
  }
  const addresses = [
    ...new Set(
      right.flatMap((text) => read(text) ?? []).map(({ address, length }) => `${address}/${length}`),
    ),
  ];
  report.taken(
    given,
    `addresses ${addresses.join(", ")}: the port accepts only these, of both families; add the guest's others`,
    "step",
  );
  return { addresses };
};

const limits = (
  nic: SourceNic,
  report: Report,
): Pick<WrittenNic & { type: "bridge" }, "bandwidth" | "mtu"> => {
  const { rate, mtu } = nic;
  // libvirt's unit is KiB, and tc's kilobyte behind it 1024 bytes or 1000: never more than was allowed.
  const average = rate === null ? 0 : Math.floor(rate.value / 1000);
  const isSmall = mtu !== null && (mtu.value < 576 || mtu.value > 65_521);
  if (rate !== null && average > 0 && average <= 4_294_967_295)
    report.taken(rate, `${average} kilobytes per second from the guest`);
  else if (rate !== null)
    report.dropped(rate, "outside libvirt's limits of 1 kilobyte to 4 terabytes per second", "step");
  if (isSmall) report.dropped(mtu, "outside the MTU limits of 576 to 65521", "step");
  else if (mtu !== null) report.taken(mtu, `${mtu.value}`);
  return {
    ...(mtu === null || isSmall ? {} : { mtu: mtu.value }),
    ...(average > 0 && average <= 4_294_967_295 ? { bandwidth: { outbound: { average } } } : {}),
  };
};

/** Accounts for the words of a NIC that nothing has accounted for yet. */
const reportWords = (
  { words }: SourceNic,
  outcome: "taken" | "dropped",
  why: string,
  report: Report,
): void => {
  for (const word of words) if (!report.has(word)) report[outcome](word, why);
};

/** The NICs as the profile has them, in the file's order, and the bridges that no rule is for. */
export const toNics = (guest: SourceGuest, name: GuestName, map: BridgeMap, report: Report) => {
  const unmapped: string[] = [];
  const used = { macs: new Set<string>(), taps: new Set<string>(), addresses: new Set<string>() };
  const derived = guest.nics.map((_, index) => deriveTap(name, index));
  const nics: WrittenNic[] = [];
  for (const [index, nic] of guest.nics.entries()) {
    const attached = attachNic(nic, map, unmapped, used.addresses, report);
    // A NIC that a person has to attach gets its other settings from that person.
    if (attached === null || attached.type === "hostdev") {
      reportWords(nic, "dropped", "with its NIC", report);
      continue;
    }
    const filter = nic.addresses === null ? {} : filterOf(nic.addresses, attached, report);
    const mac = macOf(nic, index, name, used.macs, report);
    const model = modelOf(nic, guest, report);
    // A name that another NIC would get from the guest's is not free.
    const own = derived[nics.length];
    const taken = new Set<string>([...used.taps, ...derived.filter((tap) => tap !== own)]);
    const tap = tapOf(nic.tap, taken, report);
    if (tap.tap !== undefined) used.taps.add(tap.tap);
    const { mtu, ...bandwidth } = limits(nic, report);
    // A macvtap has its device's MTU.
    const more = mtu === undefined || attached.type === "macvtap" ? bandwidth : { ...bandwidth, mtu };
    nics.push({ ...attached, ...filter, mac, ...(model === "virtio" ? {} : { model }), ...tap, ...more });
    reportWords(nic, "taken", "part of the NIC's attachment", report);
  }
  return { nics, unmapped: [...new Set(unmapped)] };
};
