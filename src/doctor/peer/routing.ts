import { type Family, familyOf } from "../../values/address.ts";
import { type Finding, good, warning } from "../finding.ts";
import type { PeerReadings } from "./peer-readings.ts";
import { guestsText } from "./by-guest.ts";

const NAMES: Readonly<Record<Family, string>> = { ipv4: "IPv4", ipv6: "IPv6" };

const routedOf = ({ arrivals }: PeerReadings) =>
  arrivals.flatMap(({ domain }) =>
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
      ? [good(check, "there")]
      : [
          warning(
            check,
            "there is none, and this host has one",
            `what ${guestsText(guests.map(({ name }) => name))} reach beyond this host, they would not reach from there`,
            `a default route on ${peer}, or a routing daemon that learns one`,
          ),
        ];
  });
};

/** The way to a routed guest moves only when somebody tells the routers. */
const checkDaemons = (seen: PeerReadings): readonly Finding[] => {
  const { peer, here, there } = seen;
  const guests = guestsText(routedOf(seen).map(({ name }) => name));
  if (guests === "" || (here.daemons.length === 0 && there.daemons.length === 0)) return [];
  const check = `routing daemon of ${peer}`;
  if (there.daemons.length > 0 && here.daemons.length > 0) return [good(check, there.daemons.join(", "))];
  const [without, running] = there.daemons.length === 0 ? ["there", here.daemons] : ["here", there.daemons];
  return [
    warning(
      check,
      `none runs ${without}, and ${running.join(", ")} ${without === "there" ? "here" : "there"}`,
      `routes to ${guests} are announced by one host only: packets go to the wrong one after a move`,
      `the same daemon on both, see templates/bird.conf and templates/frr.conf`,
    ),
  ];
};

/** Whether routed guests would be reached there, and reach others. */
export const checkPeerRouting = (seen: PeerReadings): readonly Finding[] => [
  ...checkDefaults(seen),
  ...checkDaemons(seen),
];
