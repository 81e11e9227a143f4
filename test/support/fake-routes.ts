import { familyOf, parseAddress, parsePrefix, type Prefix, toHostPrefix } from "../../src/values/address.ts";
import { DEFAULT_METRIC } from "../../src/kernel/facts/route/route.ts";
import { spanOf } from "../../src/values/address-range.ts";

/** A route of the fake kernel's, on one of its devices. */
export interface FakeRoute {
  readonly to: string;
  readonly via: string | null;
  readonly table: number;
  readonly metric: number;
  readonly protocol: number;
}

const MAIN = 254;

/** The word behind another one, as ip reads its lines. */
const after = (words: readonly string[], word: string): string | null => {
  const at = words.indexOf(word);
  return at < 0 ? null : (words[at + 1] ?? null);
};

const toPrefix = (text: string): Prefix => {
  const address = parseAddress(text);
  const prefix = address === null ? parsePrefix(text) : toHostPrefix(address);
  if (prefix === null) throw new Error(`the fake kernel knows no network ${text}`);
  return prefix;
};

/** Reads `route add …`. @param tableOf the number of a VRF's table */
export const readFakeRoute = (words: readonly string[], tableOf: (vrf: string) => number): FakeRoute => {
  const to = toPrefix(words[2] ?? "");
  const [vrf, table, metric] = [after(words, "vrf"), after(words, "table"), after(words, "metric")];
  return {
    to,
    via: after(words, "via"),
    table: vrf === null ? Number(table ?? MAIN) : tableOf(vrf),
    metric: Number(metric ?? DEFAULT_METRIC[familyOf(to)]),
    protocol: Number(after(words, "proto") ?? 3),
  };
};

/** As ip -N prints it; what a question filters by is left out there, and read by nobody. */
export const showFakeRoute = ({ to, via, table, metric, protocol }: FakeRoute, dev: string): object => ({
  type: "1",
  dst: to.replace(/\/(32|128)$/, ""),
  ...(via === null ? {} : { gateway: via }),
  dev,
  table: String(table),
  protocol: String(protocol),
  ...(metric === 0 ? {} : { metric }),
});

/** Whether a network lies inside another, or is it. */
const inside = (inner: string, outer: string): boolean => {
  const [a, b] = [spanOf(toPrefix(inner)), spanOf(toPrefix(outer))];
  return a.first >= b.first && a.last <= b.last;
};

type Placed = readonly [dev: string, route: FakeRoute];

/** `route show table all root|match P [proto 76]` and `route get fibmatch A [oif VRF]`. @returns null when there is none to get */
export const searchFakeRoutes = (
  words: readonly string[],
  all: readonly Placed[],
  local: readonly (readonly [dev: string, address: string])[],
  tableOf: (vrf: string) => number,
): readonly object[] | null => {
  const vrf = after(words, "oif");
  const table = vrf === null ? MAIN : tableOf(vrf);
  const show = (found: readonly Placed[]) => found.map(([dev, route]) => showFakeRoute(route, dev));
  const [root, match, get] = [after(words, "root"), after(words, "match"), after(words, "fibmatch")];
  if (root !== null) {
    const protocol = after(words, "proto");
    const found = all.filter(([, route]) => inside(route.to, root));
    return show(found.filter(([, route]) => protocol === null || route.protocol === Number(protocol)));
  }
  if (match !== null) return show(all.filter(([, route]) => inside(match, route.to)));
  const own = local.find(([, address]) => address === get);
  if (own !== undefined) return [{ type: "2", dst: own[1], dev: own[0], protocol: "2" }];
  const length = ([, route]: Placed): number => Number(route.to.split("/")[1]);
  const matching = all.filter(([, route]) => route.table === table && inside(toPrefix(get ?? ""), route.to));
  const [best] = matching.sort((a, b) => length(b) - length(a));
  return best === undefined ? null : show([best]);
};
