import { asList, membersOf } from "../../values/json.ts";
import type { NamedSet } from "../firewall/ruleset.ts";
import { isBridged, macsOf } from "../../guest/nic.ts";
import type { Address } from "../../values/address.ts";
import { type End, ends, judged, passes, type CheckedStep } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { GuestParty } from "../party.ts";

/** Ports to which guestnet's guard allows an address: nothing else on a host says who has an address on a bridge. */
const portsAllowed = (address: Address, sets: readonly NamedSet[]): readonly string[] =>
  sets
    .filter(
      ({ family, table, name }) =>
        family === "bridge" && table === "guestnet" && (name === "ipv4-sources" || name === "ipv6-sources"),
    )
    .flatMap(({ elements }) => elements)
    .map((element) => asList(membersOf(element)["concat"]))
    .flatMap(([port, own]) => (own === address && typeof port === "string" ? [port] : []));

/** Another guest on the bridge with the same address in the same VLAN. */
const twinOnBridge = ({ nic, observed, tag }: GuestParty, address: Address): string | null => {
  const vidsOf = (port: string) => observed.vlans.filter((member) => member.port === port);
  const own = vidsOf(nic.tap).filter(({ pvid, vid }) => (tag === null ? pvid : vid === tag));
  const master = observed.links.get(nic.tap)?.master ?? null;
  return (
    portsAllowed(address, observed.firewall().ruleset.sets).find(
      (port) =>
        port !== nic.tap &&
        observed.links.get(port)?.master === master &&
        vidsOf(port).some(({ vid }) => own.some((mine) => mine.vid === vid)),
    ) ?? null
  );
};

/** A neighbour with the guest's address that is not the guest. */
const twinHeard = ({ nic, observed }: GuestParty, address: Address): string | null => {
  const bridge = isBridged(nic) ? nic.attachment.bridge : null;
  const own = new Set<string>(macsOf(nic));
  const onBridge = (dev: string): boolean => dev === bridge || observed.links.get(dev)?.lower === bridge;
  const found = observed.neighbours.find(
    (one) =>
      one.address === address &&
      one.mac !== null &&
      !own.has(one.mac) &&
      !/FAILED|PERMANENT/.test(one.state) &&
      (bridge === null
        ? one.dev !== nic.tap && observed.links.get(one.dev)?.kind === "tun"
        : onBridge(one.dev)),
  );
  return found === undefined ? null : `${found.mac ?? ""} on ${found.dev}`;
};

const troubleOf = (guest: GuestParty): End | null => {
  if (guest.paused) return { kind: "paused" };
  if (!guest.plugged) return { kind: "unplugged" };
  if (guest.address === null || guest.shared) return null;
  const twin = isBridged(guest.nic) ? twinOnBridge(guest, guest.address) : null;
  const other = twin ?? twinHeard(guest, guest.address);
  return other === null ? null : { kind: "duplicate", other };
};

/** Whether the guest runs, and is the only one that has its address. */
export const guestStep = (guest: GuestParty): CheckedStep =>
  judged({ kind: "guest", guest: guest.name, address: guest.address }, troubleOf(guest));

/** Whether a guest's tap is there, up and open, and has ever carried a frame of the guest. */
export const tapStep = ({ nic: { tap }, observed }: GuestParty): CheckedStep => {
  const link = observed.links.get(tap);
  const check = { kind: "tap", dev: tap, mtu: link?.mtu ?? 0, frames: link?.received ?? 0 } as const;
  if (link === undefined) return ends(check, { kind: "missing" });
  if (!link.up) return ends(check, { kind: "down" });
  if (!link.carrier) return ends(check, { kind: "no-carrier" });
  return judged(check, link.received === 0 ? { kind: "silent" } : null);
};

/** Whether a packet fits through a device that it leaves by. */
export const sizeStep = (
  dev: string,
  packet: Packet,
  { observed }: Pick<GuestParty, "observed">,
): CheckedStep => {
  const mtu = observed.links.get(dev)?.mtu ?? 0;
  return judged(
    { kind: "mtu", dev, mtu, size: packet.size },
    mtu > 0 && mtu < packet.size ? { kind: "too-big" } : null,
  );
};

/** Whether a device other than a guest's is up and connected, and as a bridge port forwards. */
export const linkStep = (dev: string, { observed }: Pick<GuestParty, "observed">): CheckedStep => {
  const link = observed.links.get(dev);
  const state = link?.port?.state ?? null;
  const check = { kind: "link", dev, state } as const;
  if (link === undefined) return ends(check, { kind: "missing" });
  if (!link.up) return ends(check, { kind: "down" });
  if (!link.carrier) return ends(check, { kind: "no-carrier" });
  return state !== null && state !== "forwarding" ? ends(check, { kind: "blocked", state }) : passes(check);
};
