import { ROUTE_PROTOCOL } from "../facts/fact.ts";
import type { Lookup } from "../facts/found-route.ts";
import type { IfName } from "../../values/names.ts";
import type { Scope } from "../facts/scope.ts";
import { observeDraft, observeGroup, observeTap, parseLink } from "./link.ts";
import { bridgeQuestions } from "./bridge-questions.ts";
import { observeNeighbours, observeProxies } from "./neigh.ts";
import { searchesFor } from "./found-route.ts";
import { observeAddresses, observeRoutes } from "./route.ts";
import type { Answers } from "../facts/answers.ts";
import { about, NOTHING_SEEN, type Question, type Questions, type Seen } from "./question.ts";

const aboutNetwork = (lookup: Lookup): readonly Question[] =>
  searchesFor(lookup).map(({ line, read }) => ({
    line,
    read: (documents) => ({ ...NOTHING_SEEN, routes: read(documents) }),
  }));

const aboutLink = (dev: IfName, { ports, taps }: Scope): Question => ({
  line: `link show dev ${dev}`,
  read: (documents) => {
    const links = documents.map(parseLink);
    const own = taps.find((tap) => tap.dev === dev);
    const groups = ports.includes(dev) ? links.flatMap(observeGroup) : [];
    return {
      ...NOTHING_SEEN,
      links,
      facts: own === undefined ? groups : links.flatMap((link) => observeTap(link, own)),
    };
  },
});

/**
 * Everything to ask about a scope. Each question names its device, so that the cost does not grow with the guests of
 * the host.
 *
 * @param isThere whether there is a device of that name, as far as one knows without a question
 */
export const questionsOf = (scope: Scope, isThere: (dev: IfName) => boolean): Questions => {
  const taps = scope.taps.filter(({ dev }) => isThere(dev));
  const ports = scope.ports.filter(isThere);
  const uplinks = [...new Set(scope.proxies.map(({ dev }) => dev))].filter(isThere);
  const routes = (dev: IfName): string => `route show table all dev ${dev} proto ${ROUTE_PROTOCOL}`;
  return {
    // Links come last: `link show` leaves its packet family behind in the process (iproute2 6.1, ip/ipaddress.c), and
    // an address or a route asked for after it is not shown.
    ip: [
      ...scope.lookups.flatMap(aboutNetwork),
      ...uplinks.map((dev) =>
        about(`neigh show proxy dev ${dev}`, (docs) => observeProxies(dev, scope, docs)),
      ),
      ...taps.map(({ dev }) => about(`address show dev ${dev}`, (docs) => observeAddresses(dev, docs))),
      ...taps.map(({ dev }) =>
        about(`neigh show dev ${dev} nud permanent`, (docs) => observeNeighbours(dev, docs)),
      ),
      ...taps.map((tap) => about(routes(tap.dev), (docs) => observeRoutes(tap, docs))),
      ...scope.links.filter(isThere).map((dev) => aboutLink(dev, scope)),
      ...scope.drafts
        .filter(isThere)
        .map((dev) => about(`link show dev ${dev}`, (docs) => docs.map(parseLink).flatMap(observeDraft))),
    ],
    bridge: bridgeQuestions(ports, scope),
  };
};

/** Reads the answers to questions; one that failed is about a device that is not there, and comes to nothing. */
export const toSeen = (questions: readonly Question[], answers: Answers): Seen => {
  const all = questions.map(({ read }, index) => {
    const documents = answers[index] ?? null;
    return documents === null ? NOTHING_SEEN : read(documents);
  });
  return {
    links: all.flatMap(({ links }) => links),
    facts: all.flatMap(({ facts }) => facts),
    routes: all.flatMap(({ routes }) => routes),
    members: all.flatMap(({ members }) => members),
    unlockable: all.flatMap(({ unlockable }) => unlockable),
  };
};
