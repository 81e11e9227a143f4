import { addressPlan } from "../../src/addresses/plan/plan.ts";
import { bookedProfile } from "../../src/addresses/of-profile.ts";
import { plannedBy } from "../../src/addresses/plan/planned.ts";
import { renderSvg } from "../../src/diagram/svg.ts";
import { toNetworks } from "../../src/diagram/topology.ts";
import { ROUTED } from "../../src/guest/kinds/routed.ts";
import { isPassed, type Profile } from "../../src/guest/profile.ts";
import { vlansText } from "../../src/guest/port-vlans.ts";
import type { ReportFinding, FleetReport, GuestState, ReportedGuest } from "../../src/report/fleet-report.ts";
import { parseSite } from "../../src/site/site.ts";
import { dateText } from "../../src/values/date-text.ts";
import { profileOf } from "../support/profiles.ts";

export const MADE = new Date("2026-11-27T12:00:00Z");

const HOST = JSON.stringify({
  bridges: {
    br0: {
      uplinks: ["bond0"],
      vlans: { servers: { id: 20, prefixes: ["10.20.0.0/22"] }, dmz: { id: 30, prefixes: ["10.30.0.0/22"] } },
    },
  },
  routed: { uplinks: ["enp2s0"], prefixes: ["2001:db8:0:1::/64", "198.51.100.0/24"] },
});

const ROLES = ["web", "db", "dns", "mail"] as const;

const networkOf = (role: (typeof ROLES)[number], at: number): object => {
  const number = `${String((at >> 8) & 3)}.${String(at & 255)}`;
  switch (role) {
    case "web":
    case "mail":
      return { type: "bridge", bridge: "br0", vlan: 20, addresses: [`10.20.${number}/22`] };
    case "db":
      return { type: "bridge", bridge: "br0", vlan: 30, addresses: [`10.30.${number}/22`] };
    case "dns":
      return { type: "routed", addresses: [`2001:db8:0:1::${at.toString(16)}`] };
  }
};

const profileAt = (at: number): Profile => {
  const role = ROLES[at % ROLES.length] ?? "web";
  return profileOf({
    name: `${role}${String(Math.floor(at / ROLES.length) + 1)}`,
    memory: "1 GiB",
    interfaces: [networkOf(role, at + 16)],
  });
};

const stateOf = (at: number): GuestState => (at % 97 === 5 ? "drift" : at % 89 === 7 ? "down" : "ok");

const WRONG = "missing: VLAN 20 pvid untagged";

/** A fleet of this size, with some drift; the last of several hosts does not answer. */
export const fleet = (hosts: number, guests: number): FleetReport => {
  const silent = hosts > 2 ? hosts - 1 : hosts;
  const placed = Array.from({ length: guests }, (_, at) => ({
    profile: profileAt(at),
    host: `kvm${String((at % silent) + 1)}`,
    state: stateOf(at),
  }));
  const tapOf = ({ interfaces }: Profile): string => {
    const [nic] = interfaces;
    return nic === undefined || isPassed(nic) ? "" : nic.tap;
  };
  const site = parseSite(HOST);
  if (!site.ok) throw new Error("host.json of the sample has errors");
  const booked = placed.map(({ profile }) => bookedProfile(profile, `${profile.name}.json`, null));
  const findings = placed.flatMap(({ profile, host, state }): readonly ReportFinding[] =>
    state === "ok"
      ? []
      : [
          {
            ...{ guest: profile.name, host, nic: tapOf(profile) },
            ...(state === "drift"
              ? ({ kind: "drift", text: `${WRONG} on ${tapOf(profile)}` } as const)
              : ({ kind: "down", text: "the tap is down" } as const)),
          },
        ],
  );
  return {
    made: MADE,
    hosts: Array.from({ length: hosts }, (_, at) => {
      const name = `kvm${String(at + 1)}`;
      if (at >= silent)
        return { kind: "silent", name, why: `ssh: connect to host ${name} port 22: No route to host` };
      const ports = placed
        .filter(({ host }) => host === name)
        .flatMap(({ profile, state }) =>
          profile.interfaces.map(({ attachment }) => ({
            ...{ guest: profile.name, nic: tapOf(profile), attachment },
            wrong: state === "drift" ? [WRONG] : [],
          })),
        );
      const uplinks = new Map([
        ["br0", ["bond0"]],
        [ROUTED, ["enp2s0"]],
      ]);
      return {
        ...{ kind: "seen", name },
        svg: renderSvg(toNetworks(ports, uplinks), { title: name, date: dateText(MADE) }),
      };
    }),
    guests: placed.map(({ profile, host, state }, at): ReportedGuest => ({
      ...{ name: profile.name, host, state },
      nics: (booked[at]?.nics ?? []).map((nic) => ({
        ...{ name: nic.name, mac: nic.mac, activity: at % 7 === 3 ? "never seen" : "reachable" },
        network: nic.vlans === null ? "routed" : `access ${nic.on ?? ""} ${vlansText(nic.vlans)}`,
        addresses: nic.addresses.map(({ address }) => address),
      })),
    })),
    findings,
    conflicts: ["the address 10.20.0.16 is that of web1 (web1-0) on kvm1 and of copy (copy-0) on kvm2"],
    moves: [],
    differences: ["guest old1 does not run"],
    errors: [],
    plan: addressPlan([plannedBy(site.value)], booked),
  };
};
