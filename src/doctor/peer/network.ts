import { attachmentKind } from "../../guest/attachment-kind.ts";
import type { LiveDomain } from "../../guest/nic.ts";
import { renderVidSet, toVid, vidSet } from "../../values/vid.ts";
import { unmetText } from "../../kernel/facts/demand.ts";
import { type Finding, good, warning } from "../finding.ts";
import type { PeerReadings } from "./peer-readings.ts";
import { byText, refusal, guestsText } from "./by-guest.ts";

const checkRefusals = ({ peer, arrivals }: PeerReadings): readonly Finding[] => {
  const all = arrivals.flatMap(({ domain, refused }) =>
    refused.map((thing) => ({ guest: domain.name, thing })),
  );
  const check = `network of ${peer}`;
  const found = byText(all, unmetText).map(({ thing, guests }) => refusal(check, peer, thing, guests));
  return found.length > 0 ? found : [good(check, "the hook there would take each of these guests")];
};

const checkUplinks = ({ peer, arrivals, there }: PeerReadings): readonly Finding[] => {
  const missing = arrivals.flatMap((one) => one.missing.map((what) => ({ ...what, guest: one.domain.name })));
  return [...new Set(missing.map(({ uplink }) => uplink))].map((uplink) => {
    const own = missing.filter((one) => one.uplink === uplink);
    const vids = renderVidSet(vidSet(own.flatMap(({ vid }) => toVid(vid) ?? [])));
    const add = vids.split(",").map((range) => `bridge vlan add dev ${uplink} vid ${range}`);
    const [found, mend] = there.mtus.has(uplink)
      ? [`it is not in VLAN ${vids}`, `on ${peer}: ${add.join("; ")}`]
      : [
          "there is none",
          "uplinks of the same name on both hosts: host.json has them, and they travel with the guest",
        ];
    const why = `${guestsText(own.map(({ guest }) => guest))} would reach nobody beyond ${peer} in VLAN ${vids}`;
    return warning(`uplink ${uplink} of ${peer}`, found, why, mend);
  });
};

const portsOf = ({ nics }: LiveDomain) =>
  nics.flatMap(({ attachment }) => attachmentKind(attachment).port(attachment) ?? []);

/** A bridge of a smaller MTU drops the guests' longer frames, and says nothing to anybody. */
const checkMtus = ({ peer, here, there, arrivals }: PeerReadings): readonly Finding[] => {
  const used = new Set(arrivals.flatMap(({ domain }) => portsOf(domain).map(({ bridge }) => bridge)));
  return [...used].flatMap((bridge) => {
    const [own, other] = [here.mtus.get(bridge), there.mtus.get(bridge)];
    return own === undefined || other === undefined || other >= own
      ? []
      : [
          warning(
            `MTU of ${bridge} on ${peer}`,
            `${String(other)} there, ${String(own)} here`,
            "longer frames of the guests are lost there",
            `on ${peer}: ip link set dev ${bridge} mtu ${String(own)}, and its uplinks before`,
          ),
        ];
  });
};

const same = (bridge: string, vlan: number) => (one: { readonly bridge: string; readonly vlan: number }) =>
  one.bridge === bridge && one.vlan === vlan;

/** Guests may have the host itself as their gateway: with the same address on each host they keep it when they move. */
const checkGateways = ({ peer, here, there, arrivals }: PeerReadings): readonly Finding[] =>
  here.vlanAddresses.flatMap(({ bridge, vlan, addresses }) => {
    const guests = arrivals.filter(({ domain }) =>
      portsOf(domain).some((port) => port.bridge === bridge && port.vids.some((vid) => vid === vlan)),
    );
    const others = there.vlanAddresses.find(same(bridge, vlan))?.addresses ?? [];
    const missing = addresses.filter((address) => !others.includes(address));
    if (guests.length === 0 || missing.length === 0) return [];
    return [
      warning(
        `gateway in VLAN ${String(vlan)} on ${peer}`,
        `this host has ${missing.join(", ")} in VLAN ${String(vlan)} of ${bridge}, and ${peer} has not`,
        `${guestsText(guests.map(({ domain }) => domain.name))} would still reach this host there, if by the uplinks; as their gateway it ends when this host does`,
        `a gateway outside of both hosts, or the same address on ${peer} with one MAC address for both`,
      ),
    ];
  });

/** Whether guests would find their network there. */
export const checkPeerNetwork = (seen: PeerReadings): readonly Finding[] => [
  ...checkRefusals(seen),
  ...checkUplinks(seen),
  ...checkMtus(seen),
  ...checkGateways(seen),
];
