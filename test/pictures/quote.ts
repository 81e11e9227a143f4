import type { NonEmpty } from "../../src/values/brand.ts";
import { type Fact, kindOf } from "../../src/kernel/facts/fact.ts";
import { desiredBridgePort } from "../../src/kernel/desired/bridge-port.ts";
import { desiredRoutedNic } from "../../src/kernel/desired/routed-nic.ts";
import { isBridged, isRouted } from "../../src/guest/nic.ts";
import { renderHost } from "../../src/host-network/render.ts";
import { toHostNetwork } from "../../src/host-network/to-host-network.ts";
import { parseSite } from "../../src/site/site.ts";
import { domainOf } from "../support/profiles.ts";

/** Returns the words, if the text has them: a picture quotes nothing that the program does not say. */
export const quote = (words: string, source: string): string => {
  if (source.includes(words)) return words;
  throw new Error(`"${words}" is not in: ${source}`);
};

/** Returns all that the hook makes true for a guest that runs here. */
export const factsOf = (profile: object): readonly Fact[] => {
  const { nics, uuid } = domainOf(profile);
  const bridged = nics.filter(isBridged).map(desiredBridgePort);
  const routed = nics.filter(isRouted).map((nic) => desiredRoutedNic(nic, uuid, "here"));
  return [...bridged, ...routed].flatMap(({ facts }) => facts);
};

/** Returns the commands that make a fact true. */
export const commandsOf = (fact: Fact): string => {
  const facts: NonEmpty<Fact> = [fact];
  return kindOf(fact)
    .add(facts)
    .map(({ command }) => (typeof command === "string" ? command : `${command.name}=${command.value}`))
    .join("\n");
};

/** Returns the script of iproute2 that makes a host's network. */
export const hostScript = (host: object): string => {
  const site = parseSite(JSON.stringify(host));
  if (!site.ok) throw new Error(JSON.stringify(site.problems));
  return renderHost(toHostNetwork(site.value), "iproute2")
    .filter(({ path }) => path.endsWith("/guestnet-host"))
    .map(({ text }) => text)
    .join("");
};
