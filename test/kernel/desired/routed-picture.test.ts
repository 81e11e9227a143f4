import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { desiredRoutedNic } from "../../../src/kernel/desired/routed-nic.ts";
import { isRouted } from "../../../src/guest/nic.ts";
import { domainOf, guest } from "../../support/profiles.ts";

const picture = readFileSync("docs/pictures/routed.svg", "utf8");
const textsOf = (kind: string): readonly string[] =>
  [...picture.matchAll(new RegExp(`<text class="m ${kind}"[^>]*>([^<]*)<`, "g"))].map(
    (match) => match[1] ?? "",
  );

const GUESTS = [
  {
    tap: "dns1-0",
    addresses: ["2001:db8:0:1::53", "192.0.2.53"],
    prefixes: ["2001:db8:53::/64"],
  },
  { tap: "web6-0", addresses: ["2001:db8:0:1::80"] },
];
const facts = GUESTS.flatMap((one) => {
  const { nics, uuid } = domainOf(guest({ type: "routed", ...one }));
  return nics.filter(isRouted).flatMap((nic) => desiredRoutedNic(nic, uuid, "here").facts);
});

test("docs/pictures/routed.svg has the routes that the hook makes of its guests", () => {
  const routes = facts.flatMap((fact) =>
    fact.kind === "route"
      ? [`${fact.to.replace(/\/(32|128)$/, "")} ${fact.via === null ? `dev ${fact.dev}` : `via ${fact.via}`}`]
      : [],
  );
  expect([...textsOf("route")].sort()).toEqual(routes.sort());
});

test("docs/pictures/routed.svg has the gateways that the hook puts on their taps", () => {
  const gateways = facts.flatMap((fact) => (fact.kind === "address" ? [fact.address] : []));
  expect([...textsOf("gateway")].sort()).toEqual(gateways.sort());
});
