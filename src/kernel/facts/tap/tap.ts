import { type IfName, parseUuid, type Uuid } from "../../../values/names.ts";
import { ip } from "../command.ts";
import { type Device, deviceQuestion, parseDevice } from "../device.ts";
import type { FactKind } from "../fact-kind.ts";
import type { OwnTap } from "../scope.ts";

/**
 * A tap that guestnet made: it outlives QEMU (`IFF_PERSIST`), and its alias names its guest.
 *
 * A tap is made by an ioctl without an alias. So it is made under an unused name, and gets its own name and
 * its alias in one message (RTM_NEWLINK): wherever the hook is killed, a device of the tap's name has its alias.
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

/** The alias of a guestnet tap: `ip link` shows it, and guestnet never changes a tap without it. */
export const tapAlias = (guest: Uuid): string => ALIAS_PREFIX + guest;

/** @returns the guest whose tap has this alias, or null when guestnet did not make it */
export const guestOfAlias = (alias: string): Uuid | null =>
  alias.startsWith(ALIAS_PREFIX) ? parseUuid(alias.slice(ALIAS_PREFIX.length)) : null;

const add = ({ dev, draft, alias, multiQueue }: TapFact) => [
  ip(`tuntap add dev ${draft} mode tap${multiQueue ? " multi_queue" : ""}`, `link delete dev ${draft}`),
  ip(`link set dev ${draft} name ${dev} alias ${alias}`, `link delete dev ${dev}`),
];
const remove = ({ dev }: TapFact) => [ip(`link delete dev ${dev}`)];

/** Returns whether a device is this tap, by its alias. */
export const isOwnTap = ({ tap, alias }: Device, own: OwnTap): boolean => tap !== null && alias === own.alias;

/** Reads a guestnet tap; nothing for another device of that name. */
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
