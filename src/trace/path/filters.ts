import { askingView, discoveryView, type Place, viewOf } from "../firewall/view-of.ts";
import { type Judgement, judgeHook } from "../firewall/evaluate.ts";
import { type Base, type Chain, chainsAt } from "../firewall/ruleset.ts";
import type { View } from "../firewall/view.ts";
import { type Looked, type Step, ends, passes } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { Sight } from "../sight/sight.ts";
import type { Link } from "../sight/link.ts";
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

const toStep = (looked: Looked, judgement: Judgement, legacy: readonly string[]): Step => {
  if (judgement.kind === "drops") return ends(looked, { kind: "dropped", cause: judgement.cause });
  const rules = judgement.kind === "unsure" ? judgement.rules : [];
  return rules.length === 0 && legacy.length === 0
    ? passes(looked)
    : { looked, verdict: { kind: "unsure", rules, legacy } };
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
export function* filtered(hook: IpHook, sight: Sight, packet: Packet, place: Place): Generator<Step, void> {
  const { ruleset } = sight.firewall();
  const families = [packet.family === "ipv4" ? "ip" : "ip6", "inet"];
  const device = (place.in ?? place.out)?.name ?? null;
  const at = hook === "prerouting" ? chainsAt(ruleset, ["netdev", "inet"], "ingress", device) : [];
  const chains = [...at, ...chainsAt(ruleset, families, hook, null)]
    .filter(callsFor(packet))
    .filter(({ table, base }) => table !== OWN || base.hook === "forward");
  const legacy = sight.legacy.filter((table) => LEGACY[hook].includes(table));
  if (chains.length === 0 && legacy.length === 0 && hook !== "forward") return;
  const looked: Looked = {
    kind: "filter",
    hook: place.bridged === null ? hook : `bridged ${hook}`,
    chains: chains.map(nameOf),
    in: place.in?.name ?? null,
    out: place.out?.name ?? null,
  };
  yield toStep(looked, judgeHook(chains, viewOf(packet, place), sight.firewall()), legacy);
}

/** The source check of routed taps: guestnet's chain alone. */
export const sourceChecked = (sight: Sight, packet: Packet, place: Place): Step => {
  const chains = chainsAt(sight.firewall().ruleset, ["inet"], "prerouting", null).filter(
    ({ table }) => table === OWN,
  );
  const looked: Looked = {
    kind: "source-check",
    dev: place.in?.name ?? "",
    address: packet.source,
    checked: chains.length > 0,
  };
  return toStep(looked, judgeHook(chains, viewOf(packet, place), sight.firewall()), []);
};

/** The frames that a guest sends before and with its packet, from one of its MAC addresses. */
const framesOf = (mac: Mac, packet: Packet, from: Place): readonly View[] => {
  const { source, destination } = packet;
  const place = { ...from, mac };
  if (source === null) return [viewOf(packet, place)];
  return [
    askingView(source, destination, place),
    ...(packet.family === "ipv6" ? [discoveryView("nd-neighbor-advert", source, source, place)] : []),
    viewOf(packet, place),
  ];
};

const judgeFrames = (chains: readonly BaseChain[], views: readonly View[], sight: Sight): Judgement => {
  const all = views.map((view) => judgeHook(chains, view, sight.firewall()));
  return (
    all.find(({ kind }) => kind === "drops") ??
    all.find(({ kind }) => kind === "unsure") ?? { kind: "passes", rewrites: [] }
  );
};

/** The anti-spoofing rules of bridge ports: of guestnet's own table, for all that the guest must send. */
export const guarded = (guest: GuestParty, packet: Packet, place: Place): Step => {
  const { sight } = guest;
  const chains = chainsAt(sight.firewall().ruleset, ["bridge"], "prerouting", null).filter(
    ({ table }) => table === OWN,
  );
  const looked: Looked = {
    kind: "guard",
    dev: guest.nic.tap,
    address: packet.source,
    guarded: chains.length > 0,
  };
  const judgements = sendersOf(guest).map((mac) => judgeFrames(chains, framesOf(mac, packet, place), sight));
  const best =
    judgements.find(({ kind }) => kind === "passes") ??
    judgements.find(({ kind }) => kind === "unsure") ??
    judgements[0];
  return best === undefined ? passes(looked) : toStep(looked, best, []);
};

/** The rules of others at a hook of the bridge family. */
export function* bridgeFiltered(
  hook: "prerouting" | "forward" | "postrouting" | "input",
  sight: Sight,
  packet: Packet,
  place: Place,
): Generator<Step, void> {
  const { ruleset } = sight.firewall();
  const ingress =
    hook === "prerouting" ? chainsAt(ruleset, ["netdev"], "ingress", place.in?.name ?? null) : [];
  const chains = [...ingress, ...chainsAt(ruleset, ["bridge"], hook, null)].filter(
    ({ table }) => table !== OWN,
  );
  if (chains.length === 0) return;
  const looked: Looked = {
    kind: "filter",
    hook: `bridge ${hook}`,
    chains: chains.map(nameOf),
    in: place.in?.name ?? null,
    out: place.out?.name ?? null,
  };
  yield toStep(looked, judgeHook(chains, viewOf(packet, place), sight.firewall()), []);
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
  { setting }: Sight,
): boolean => {
  const calls = packet.family === "ipv4" ? bridge.calls.ipv4 : bridge.calls.ipv6;
  const name = `net/bridge/bridge-nf-call-${packet.family === "ipv4" ? "iptables" : "ip6tables"}`;
  const withTag = setting("net/bridge/bridge-nf-filter-vlan-tagged") === "1";
  return (calls || setting(name) === "1") && (withTag || !(tagged.in || tagged.out === true));
};
