import { readFileSync } from "node:fs";
import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { chooseNic } from "../../src/trace/choose-nic.ts";
import type { Hop } from "../../src/trace/hop.ts";
import type { Packet } from "../../src/trace/packet.ts";
import type { GuestParty, Party } from "../../src/trace/party.ts";
import { type HostOutputs, toObservedHost } from "../../src/trace/observed/observed-host.ts";
import { trace } from "../../src/trace/trace.ts";
import { type Address, parseAddress } from "../../src/values/address.ts";
import { parseXml } from "../../src/xml/parse.ts";

/** Outputs of a real host on which all is well: Linux 7.2, iproute2 6.1, nft 1.0.6. The guest g12 has sent no frame yet. */
export const HEALTHY = JSON.parse(readFileSync("fixtures/trace/healthy.json", "utf8")) as HostOutputs;

export const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(`${text} is not an address`);
  return parsed;
};

/** A guest of the recording. @param nic its number */
export const guestOn = (
  name: "g11" | "g12",
  nic: number,
  raw: HostOutputs,
  more: Partial<GuestParty> = {},
): GuestParty => {
  const domain = parseDomain(parseXml(readFileSync(`fixtures/trace/${name}.xml`, "utf8")));
  if (!domain.ok) throw new Error(domain.problems.join());
  const chosen = chooseNic(domain.value, { nic: String(nic), vlan: null }, "ipv4");
  if (!chosen.ok) throw new Error(chosen.problems.join());
  return {
    ...({ kind: "guest", name } as const),
    ...chosen.value,
    ...{ paused: false, plugged: true, host: "h1", observed: toObservedHost(raw) },
    ...more,
  };
};

/** A packet between them, as large as most. */
export const packetBetween = (from: Party, to: Party, more: Partial<Packet> = {}): Packet => ({
  family: "ipv4",
  source: from.address,
  destination: to.address,
  ...{ protocol: { name: "icmp" }, size: 1500, reply: false },
  ...more,
});

export const traced = (from: Party, to: Party, more: Partial<Packet> = {}): readonly Hop[] =>
  trace(from, to, packetBetween(from, to, more));
