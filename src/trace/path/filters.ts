import {
  askingFields,
  discoveryFields,
  fieldsOf,
  type PacketFields,
  type Place,
} from "../firewall/packet-fields.ts";
import { type Judgement, judgeHook } from "../firewall/evaluate.ts";
import { type Base, type Chain, chainsAt } from "../firewall/ruleset.ts";
import { type Check, type CheckedStep, ends, passes } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { ObservedHost } from "../observed/observed-host.ts";
import type { Link } from "../observed/link.ts";
import { type GuestParty, sendersOf } from "../party.ts";
import type { Mac } from "../../values/mac.ts";

type BaseChain = Chain & { readonly base: Base };

/** guestnet's own tables are hops of their own. */
const OWN = "guestnet";

export type IpHook = "prerouting" | "input" | "forward" | "output" | "postrouting";

/** A place with nothing known of it. */
export const NO_PLACE: Place = {
  ...{ in: null, out: null, mac: null, routedBack: null, toHost: false, fromHost: false },
  ...{ bridged: null, tag: null },
};

export const sideOf = (link: Link | undefined | null): Place["in"] =>
  link === undefined || link === null ? null : { name: link.name, group: link.group };

const nameOf = ({ family, table, chain }: Chain): string => `${family} ${table} ${chain}`;

/** NAT is decided by a connection's first packet (nft(8), "nat" chains); its answers pass these chains by. */
const callsFor =
  ({ reply }: Packet) =>
  ({ base }: BaseChain): boolean =>
    base.type !== "nat" || !reply;

const toStep = (check: Check, judgement: Judgement, legacy: readonly string[]): CheckedStep => {
  if (judgement.kind === "drops") return ends(check, { kind: "dropped", cause: judgement.cause });
  const rules = judgement.kind === "unsure" ? judgement.rules : [];
  return rules.length === 0 && legacy.length === 0
    ? passes(check)
    : { check, verdict: { kind: "unsure", rules, legacy } };
};

/** Tables of the old iptables with chains at a hook. */
const LEGACY: Readonly<Record<IpHook, readonly string[]>> = {
  prerouting: ["raw", "mangle"],
  input: ["mangle", "filter"],
  forward: ["mangle", "filter"],
  output: ["raw", "mangle", "filter"],
  postrouting: ["mangle"],
};

/**
 * The rules of others at a hook of the IP families, and of guestnet's `reach` chain. Nothing is shown where there are none, except
 * in `forward`, where people look first.
 */
export function* filtered(
  hook: IpHook,
  observed: ObservedHost,
  packet: Packet,
  place: Place,
): Generator<CheckedStep, void> {
  const { ruleset } = observed.firewall();
  const families = [packet.family === "ipv4" ? "ip" : "ip6", "inet"];
  const device = (place.in ?? place.out)?.name ?? null;
  const at = hook === "prerouting" ? chainsAt(ruleset, ["netdev", "inet"], "ingress", device) : [];
  const chains = [...at, ...chainsAt(ruleset, families, hook, null)]
    .filter(callsFor(packet))
    .filter(({ table, base }) => table !== OWN || base.hook === "forward");
  const legacy = observed.legacy.filter((table) => LEGACY[hook].includes(table));
  if (chains.length === 0 && legacy.length === 0 && hook !== "forward") return;
  const check: Check = {
    kind: "filter",
    hook: place.bridged === null ? hook : `bridged ${hook}`,
    chains: chains.map(nameOf),
    in: place.in?.name ?? null,
    out: place.out?.name ?? null,
  };
  yield toStep(check, judgeHook(chains, fieldsOf(packet, place), observed.firewall()), legacy);
}

/** The source check of routed taps: guestnet's chain alone. */
export const sourceChecked = (observed: ObservedHost, packet: Packet, place: Place): CheckedStep => {
  const chains = chainsAt(observed.firewall().ruleset, ["inet"], "prerouting", null).filter(
    ({ table }) => table === OWN,
  );
  const check: Check = {
    kind: "source-check",
    dev: place.in?.name ?? "",
    address: packet.source,
    checked: chains.length > 0,
  };
  return toStep(check, judgeHook(chains, fieldsOf(packet, place), observed.firewall()), []);
};

/** The frames that a guest sends before and with its packet, from one of its MAC addresses. */
const framesOf = (mac: Mac, packet: Packet, from: Place): readonly PacketFields[] => {
  const { source, destination } = packet;
  const place = { ...from, mac };
  if (source === null) return [fieldsOf(packet, place)];
  return [
    askingFields(source, destination, place),
    ...(packet.family === "ipv6" ? [discoveryFields("nd-neighbor-advert", source, source, place)] : []),
    fieldsOf(packet, place),
  ];
};

const judgeFrames = (
  chains: readonly BaseChain[],
  frames: readonly PacketFields[],
  observed: ObservedHost,
): Judgement => {
  const all = frames.map((fields) => judgeHook(chains, fields, observed.firewall()));
  return (
    all.find(({ kind }) => kind === "drops") ??
    all.find(({ kind }) => kind === "unsure") ?? { kind: "passes", rewrites: [] }
  );
};

/** The anti-spoofing rules of bridge ports: of guestnet's own table, for all that the guest must send. */
export const guarded = (guest: GuestParty, packet: Packet, place: Place): CheckedStep => {
  const { observed } = guest;
  const chains = chainsAt(observed.firewall().ruleset, ["bridge"], "prerouting", null).filter(
    ({ table }) => table === OWN,
  );
  const check: Check = {
    kind: "guard",
    dev: guest.nic.tap,
    address: packet.source,
    guarded: chains.length > 0,
  };
  const judgements = sendersOf(guest).map((mac) =>
    judgeFrames(chains, framesOf(mac, packet, place), observed),
  );
  const best =
    judgements.find(({ kind }) => kind === "passes") ??
    judgements.find(({ kind }) => kind === "unsure") ??
    judgements[0];
  return best === undefined ? passes(check) : toStep(check, best, []);
};

/** The rules of others at a hook of the bridge family. */
export function* bridgeFiltered(
  hook: "prerouting" | "forward" | "postrouting" | "input",
  observed: ObservedHost,
  packet: Packet,
  place: Place,
): Generator<CheckedStep, void> {
  const { ruleset } = observed.firewall();
  const ingress =
    hook === "prerouting" ? chainsAt(ruleset, ["netdev"], "ingress", place.in?.name ?? null) : [];
  const chains = [...ingress, ...chainsAt(ruleset, ["bridge"], hook, null)].filter(
    ({ table }) => table !== OWN,
  );
  if (chains.length === 0) return;
  const check: Check = {
    kind: "filter",
    hook: `bridge ${hook}`,
    chains: chains.map(nameOf),
    in: place.in?.name ?? null,
    out: place.out?.name ?? null,
  };
  yield toStep(check, judgeHook(chains, fieldsOf(packet, place), observed.firewall()), []);
}

/**
 * The IP rules that a bridged frame passes because of br_netfilter (br_nf_pre_routing, br_nf_forward_ip in
 * net/bridge/br_netfilter_hooks.c): both devices are the bridge there, and a frame with a tag passes only with
 * `bridge-nf-filter-vlan-tagged`. One that was not handed over at `prerouting` is not at `forward`, either.
 */
export const isHandedOver = (
  bridge: Link,
  packet: Packet,
  tagged: { readonly in: boolean; readonly out: boolean | null },
  { setting }: ObservedHost,
): boolean => {
  const calls = packet.family === "ipv4" ? bridge.calls.ipv4 : bridge.calls.ipv6;
  const name = `net/bridge/bridge-nf-call-${packet.family === "ipv4" ? "iptables" : "ip6tables"}`;
  const withTag = setting("net/bridge/bridge-nf-filter-vlan-tagged") === "1";
  return (calls || setting(name) === "1") && (withTag || !(tagged.in || tagged.out === true));
};
