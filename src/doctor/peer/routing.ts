import { type Family, familyOf } from "../../values/address.ts";
import { type Finding, ok, warning } from "../finding.ts";
import type { PeerReadings } from "./peer-readings.ts";
import { guestsText } from "./by-guest.ts";

const NAMES: Readonly<Record<Family, string>> = { ipv4: "IPv4", ipv6: "IPv6" };

const routedOf = ({ receptions }: PeerReadings) =>
  receptions.flatMap(({ domain }) =>
    domain.nics.flatMap(({ attachment }) =>
      attachment.kind === "routed" ? [{ name: domain.name, addresses: attachment.addresses }] : [],
    ),
  );

const checkDefaults = (seen: PeerReadings): readonly Finding[] => {
  const { peer, here, there } = seen;
  const families: readonly Family[] = ["ipv4", "ipv6"];
  return families.flatMap((family) => {
    const guests = routedOf(seen).filter(({ addresses }) =>
      addresses.some((one) => familyOf(one) === family),
    );
    if (guests.length === 0 || !here.defaults.has(family)) return [];
    const check = `${NAMES[family]} default route of ${peer}`;
    return there.defaults.has(family)
      ? [ok(check, "exists")]
      : [
          warning(
            check,
            "missing, and this host has one",
            `${guestsText(guests.map(({ name }) => name))} would reach no address beyond ${peer}`,
            `add a default route on ${peer}, or run a routing daemon that learns one`,
          ),
        ];
  });
};

/** Routers send packets to the new host only when a routing daemon there announces the guest. */
const checkDaemons = (seen: PeerReadings): readonly Finding[] => {
  const { peer, here, there } = seen;
  const guests = guestsText(routedOf(seen).map(({ name }) => name));
  if (guests === "" || (here.daemons.length === 0 && there.daemons.length === 0)) return [];
  const check = `routing daemon of ${peer}`;
  if (there.daemons.length > 0 && here.daemons.length > 0) return [ok(check, there.daemons.join(", "))];
  const [without, running] = there.daemons.length === 0 ? ["there", here.daemons] : ["here", there.daemons];
  return [
    warning(
      check,
      `none runs ${without}, and ${running.join(", ")} runs ${without === "there" ? "here" : "there"}`,
      `only one host announces routes to ${guests}: after a move, packets go to the wrong host`,
      "run the same daemon on both hosts, see templates/bird.conf and templates/frr.conf",
    ),
  ];
};

/** Checks whether routed guests would have routes to and from the other host. */
export const checkPeerRouting = (seen: PeerReadings): readonly Finding[] => [
  ...checkDefaults(seen),
  ...checkDaemons(seen),
];
