import { type IfName, parseUuid, type Uuid } from "../../values/names.ts";
import { ip } from "./command.ts";
import { type Device, deviceQuestion, parseDevice } from "./device.ts";
import type { FactKind } from "./fact-kind.ts";
import type { OwnTap } from "./scope.ts";

/**
 * A tap that we made: it outlives QEMU (`IFF_PERSIST`) and says in its alias whose it is.
 *
 * A tap is made by an ioctl that knows no alias. So it is made under a name that nobody else uses, and gets its own name and
 * its alias in one message (RTM_NEWLINK): wherever we are killed, a device of the tap's name says whose it is.
 */
export interface TapFact {
  readonly kind: "tap";
  readonly dev: IfName;
  readonly draft: IfName;
  readonly alias: string;
  /** Fixed when the tap is made; must equal what libvirt asks for (`<driver queues>` above 1). */
  readonly multiQueue: boolean;
}

const ALIAS_PREFIX = "guestnet:";

/** What a tap of ours has as its alias: `ip link` then says whose it is, and we never touch one without it. */
export const tapAlias = (guest: Uuid): string => ALIAS_PREFIX + guest;

/** @returns the guest whose tap has this alias, or null when it is no tap of ours */
export const guestOfAlias = (alias: string): Uuid | null =>
  alias.startsWith(ALIAS_PREFIX) ? parseUuid(alias.slice(ALIAS_PREFIX.length)) : null;

const add = ({ dev, draft, alias, multiQueue }: TapFact) => [
  ip(`tuntap add dev ${draft} mode tap${multiQueue ? " multi_queue" : ""}`, `link delete dev ${draft}`),
  ip(`link set dev ${draft} name ${dev} alias ${alias}`, `link delete dev ${dev}`),
];
const remove = ({ dev }: TapFact) => [ip(`link delete dev ${dev}`)];

/** Whether a device is this tap: with another alias it is somebody else's. */
export const isOwnTap = ({ tap, alias }: Device, own: OwnTap): boolean => tap !== null && alias === own.alias;

/** Reads a tap of ours; nothing when the device is somebody else's. */
export const observeTap = (device: Device, own: OwnTap): readonly TapFact[] =>
  device.tap !== null && isOwnTap(device, own)
    ? [{ kind: "tap", dev: own.dev, alias: own.alias, draft: own.draft, multiQueue: device.tap.multiQueue }]
    : [];

export const tap: FactKind<TapFact> = {
  key: ({ dev }) => dev,
  device: ({ dev }) => dev,
  slot: ({ kind }) => (kind === "remove" ? "remove tap" : "add tap"),
  add: ([fact]) => add(fact),
  remove: ([fact]) => remove(fact),
  // What it is made with cannot be changed later.
  replace: (from, to) => [...remove(from), ...add(to)],
  describe: ([{ dev }]) => `tap ${dev}`,
  observe: {
    from: "questions",
    queries: ({ taps }) =>
      taps.map((own) => ({
        ...deviceQuestion(own.dev),
        read: (documents) => documents.map(parseDevice).flatMap((device) => observeTap(device, own)),
      })),
  },
};
