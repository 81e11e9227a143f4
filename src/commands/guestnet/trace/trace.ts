import type { HostUri } from "../../../run/host-uri.ts";
import type { Packet, Protocol } from "../../../trace/packet.ts";
import type { Party } from "../../../trace/party.ts";
import { type Asking, traceQuestions } from "../../../trace/questions.ts";
import { isReached } from "../../../trace/reached.ts";
import { readObservedHost } from "../../../trace/observed/read-host.ts";
import type { ObservedHost } from "../../../trace/observed/observed-host.ts";
import { resultOf, trace } from "../../../trace/trace.ts";
import { type Address, parseAddress } from "../../../values/address.ts";
import { Failure } from "../../../values/failure.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type Endpoints, type EndpointOptions, findEndpoints, type UnobservedParty } from "./endpoints.ts";
import { openHosts, type TracedHost } from "./find-guests.ts";
import { renderTrace } from "./render-trace.ts";
import { renderTraceJson } from "./trace-json.ts";
import type { Traced } from "./traced.ts";
import { wereLost } from "../../../trace/probe/last-seen.ts";
import { watchWay } from "./watch-way.ts";

/** What `guestnet trace` is asked for. */
export interface TraceOptions extends EndpointOptions {
  readonly protocol: Protocol;
  /** Null for the NIC's MTU. */
  readonly size: number | null;
  readonly uri: string;
  readonly uris: readonly HostUri[];
  /** Time limit for each host, in seconds. */
  readonly timeout: number;
  /** Seconds to watch real packets; null for the calculation alone. */
  readonly watch: number | null;
  readonly json: boolean;
  readonly color: ColourWhen;
}

const addressOf = (party: UnobservedParty): Address | null =>
  party.kind === "guest" ? party.guest.address : party.address;

/** Looks at the hosts of both ends, at each once. */
const observeHosts = async ({
  family,
  guest,
  peer,
}: Endpoints): Promise<ReadonlyMap<TracedHost, ObservedHost>> => {
  const asking = new Map<TracedHost, Asking[]>();
  for (const [one, other] of [
    [guest, peer],
    [peer, guest],
  ] as const) {
    if (one.kind !== "guest") continue;
    const { host } = one.found;
    asking.set(host, [...(asking.get(host) ?? []), { guest: one.guest, peer: addressOf(other) }]);
  }
  const read = [...asking].map(async ([host, guests]) => {
    const observed = await host.look((kernel) => readObservedHost(traceQuestions(family, guests), kernel));
    return [host, observed] as const;
  });
  return new Map(await Promise.all(read));
};

/** Completes an end of the way by its host. An address of the guest's host is the host's, not one outside. */
const toParty = (
  party: UnobservedParty,
  hosts: ReadonlyMap<TracedHost, ObservedHost>,
  near: ObservedHost,
): Party => {
  if (party.kind === "guest") {
    const observed = hosts.get(party.found.host);
    if (observed === undefined) throw new Error(`host ${party.found.host.label} was not read`);
    return { ...party.guest, observed };
  }
  const { address } = party;
  return { kind: near.addresses.some((one) => one.address === address) ? "host" : "outside", address };
};

/** A guest that was not named has the address that was. Where packets to it do not lead to that guest, the address is another's. */
const reachedBy = (guest: Party, peer: Party, { destination }: TraceOptions): Party =>
  guest.kind === "guest" &&
  peer.kind === "guest" &&
  peer.name !== destination &&
  peer.address !== null &&
  !isReached(guest, peer)
    ? { kind: "outside", address: peer.address }
    : peer;

/** The MTU of a guest's NIC without `<mtu>`. */
const DEFAULT_MTU = 1500;

const hostsOf = ({ guest, peer }: Endpoints): readonly TracedHost[] => [
  ...new Set([guest, peer].flatMap((party) => (party.kind === "guest" ? [party.found.host] : []))),
];

const traceBetween = async (endpoints: Endpoints, options: TraceOptions): Promise<Traced> => {
  const { protocol, size, from, watch } = options;
  const observed = await observeHosts(endpoints);
  const near = observed.get(endpoints.guest.found.host);
  if (near === undefined) throw new Error("the guest's host was not read");
  const guest = toParty(endpoints.guest, observed, near);
  const peer = reachedBy(guest, toParty(endpoints.peer, observed, near), options);
  const [sender, receiver] = from === "guest" ? [guest, peer] : [peer, guest];
  const packet: Packet = {
    family: endpoints.family,
    source: sender.address,
    destination: receiver.address,
    protocol,
    size: size ?? endpoints.guest.guest.nic.mtu ?? DEFAULT_MTU,
    reply: false,
  };
  const way = { from: sender, to: receiver, packet };
  return {
    ...way,
    hops: trace(sender, receiver, packet),
    watched: watch === null ? null : await watchWay(way, hostsOf(endpoints), watch),
  };
};

/** A packet that passes by calculation, and was lost in truth, ends somewhere. */
const exitCodeOf = ({ hops, watched }: Traced): 0 | 1 | 2 =>
  watched !== null && wereLost(watched) ? 2 : resultOf(hops);

/** `guestnet trace`. @returns the exit code: 0 it passes, 2 it ends somewhere, 1 that could not be found out */
export const traceCommand = async (options: TraceOptions): Promise<0 | 1 | 2> => {
  const opened = await openHosts(options.uri, options.uris, (options.timeout + (options.watch ?? 0)) * 1000, [
    options.guest,
    ...(parseAddress(options.destination) === null ? [options.destination] : []),
  ]);
  try {
    const [first] = opened.silent;
    if (opened.hosts.length === 0)
      throw first ?? new Failure("cannot trace: no host answers", "guestnet status");
    const traced = await traceBetween(await findEndpoints(options, opened), options);
    process.stdout.write(
      options.json ? renderTraceJson(traced) : renderTrace(traced, { colour: coloursStdout(options.color) }),
    );
    return exitCodeOf(traced);
  } finally {
    await Promise.all(opened.hosts.map(({ close }) => close()));
  }
};
