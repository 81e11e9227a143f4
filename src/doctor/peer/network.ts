import { attachmentKind } from "../../guest/attachment.ts";
import type { LiveDomain } from "../../guest/nic.ts";
import { rangeTexts, renderVidSet, toVid, vidSet } from "../../values/vid.ts";
import { unmetText } from "../../kernel/facts/demand.ts";
import { type Finding, ok, warning } from "../finding.ts";
import type { PeerReadings } from "./peer-readings.ts";
import { byText, refusal, guestsText } from "./by-guest.ts";

const checkRefusals = ({ peer, receptions }: PeerReadings): readonly Finding[] => {
  const all = receptions.flatMap(({ domain, refused }) =>
    refused.map((thing) => ({ guest: domain.name, thing })),
  );
  const check = `network of ${peer}`;
  const found = byText(all, unmetText).map(({ thing, guests }) => refusal(check, peer, thing, guests));
  return found.length > 0 ? found : [ok(check, "the hook there accepts these guests")];
};

const checkUplinks = ({ peer, receptions, there }: PeerReadings): readonly Finding[] => {
  const missing = receptions.flatMap((one) =>
    one.missing.map((what) => ({ ...what, guest: one.domain.name })),
  );
  return [...new Set(missing.map(({ uplink }) => uplink))].map((uplink) => {
    const own = missing.filter((one) => one.uplink === uplink);
    const set = vidSet(own.flatMap(({ vid }) => toVid(vid) ?? []));
    const vids = renderVidSet(set);
    const add = rangeTexts(set).map((range) => `bridge vlan add dev ${uplink} vid ${range}`);
    const [fact, fix] = there.mtus.has(uplink)
      ? [`it does not carry VLAN ${vids}`, [`# on ${peer}:`, ...add]]
      : ["it does not exist", ["give the uplinks of both hosts the same names in host.json"]];
    const impact = `${guestsText(own.map(({ guest }) => guest))} would reach no address beyond ${peer} in VLAN ${vids}`;
    return warning(`uplink ${uplink} of ${peer}`, fact, impact, ...fix);
  });
};

const portsOf = ({ nics }: LiveDomain) =>
  nics.flatMap(({ attachment }) => attachmentKind(attachment).port(attachment) ?? []);

/** A bridge with a smaller MTU drops the guests' longer frames, and sends no error. */
const checkMtus = ({ peer, here, there, receptions }: PeerReadings): readonly Finding[] => {
  const used = new Set(receptions.flatMap(({ domain }) => portsOf(domain).map(({ bridge }) => bridge)));
  return [...used].flatMap((bridge) => {
    const [own, other] = [here.mtus.get(bridge), there.mtus.get(bridge)];
    return own === undefined || other === undefined || other >= own
      ? []
      : [
          warning(
            `MTU of ${bridge} on ${peer}`,
            `${String(other)} there, ${String(own)} here`,
            "longer frames of the guests are lost there",
            `# on ${peer}, after its uplinks:`,
            `ip link set dev ${bridge} mtu ${String(own)}`,
          ),
        ];
  });
};

const same = (bridge: string, vlan: number) => (one: { readonly bridge: string; readonly vlan: number }) =>
  one.bridge === bridge && one.vlan === vlan;

/** Guests may have the host itself as their gateway: with the same address on each host they keep it when they move. */
const checkGateways = ({ peer, here, there, receptions }: PeerReadings): readonly Finding[] =>
  here.vlanAddresses.flatMap(({ bridge, vlan, addresses }) => {
    const guests = receptions.filter(({ domain }) =>
      portsOf(domain).some((port) => port.bridge === bridge && port.vids.some((vid) => vid === vlan)),
    );
    const others = there.vlanAddresses.find(same(bridge, vlan))?.addresses ?? [];
    const missing = addresses.filter((address) => !others.includes(address));
    if (guests.length === 0 || missing.length === 0) return [];
    return [
      warning(
        `gateway in VLAN ${String(vlan)} on ${peer}`,
        `this host has ${missing.join(", ")} in VLAN ${String(vlan)} of ${bridge}, and ${peer} does not`,
        `a gateway at this address stays on this host when ${guestsText(guests.map(({ domain }) => domain.name))} move`,
        `use a gateway outside both hosts, or the same address and MAC address on ${peer}`,
      ),
    ];
  });

/** Checks whether guests would have their network there. */
export const checkPeerNetwork = (seen: PeerReadings): readonly Finding[] => [
  ...checkRefusals(seen),
  ...checkUplinks(seen),
  ...checkMtus(seen),
  ...checkGateways(seen),
];
