import type { Mac } from "../../../values/mac.ts";
import type { IfName } from "../../../values/names.ts";
import { ip } from "../command.ts";
import { type Device, deviceQuestion, parseDevice } from "../device.ts";
import type { FactKind } from "../fact-kind.ts";
import type { OwnTap } from "../scope.ts";
import { isOwnTap } from "./tap.ts";

/** The settings of a guestnet tap that can change while it exists. They vanish with it. */
export interface LinkFact {
  readonly kind: "link";
  readonly dev: IfName;
  /** The VRF that it is in. */
  readonly master: IfName | null;
  readonly mac: Mac;
  readonly group: number;
  readonly mtu: number;
  readonly up: boolean;
}

const masterWords = ({ master }: LinkFact, from: LinkFact | null): string =>
  master !== null ? ` master ${master}` : from !== null && from.master !== null ? " nomaster" : "";

/** The MAC address only where it is another: to set even the same one takes all neighbours of the tap (neigh_changeaddr). */
const macWords = ({ mac }: LinkFact, from: LinkFact | null): string =>
  from?.mac === mac ? "" : ` address ${mac}`;

/** @param from how it is so far; null for a new one */
const set = (fact: LinkFact, from: LinkFact | null) => [
  ip(
    `link set dev ${fact.dev}${masterWords(fact, from)}${macWords(fact, from)} group ${String(fact.group)} ` +
      `mtu ${String(fact.mtu)} ${fact.up ? "up" : "down"}`,
  ),
];

/** Reads the settings of a guestnet tap; nothing for another device of that name. */
export const observeLink = (device: Device, own: OwnTap): readonly LinkFact[] => {
  const { name: dev, master, mac, group, mtu, up } = device;
  return isOwnTap(device, own)
    ? [{ kind: "link", dev, master: master as IfName | null, mac: mac as Mac, group, mtu, up }]
    : [];
};

export const link: FactKind<LinkFact> = {
  key: ({ dev }) => dev,
  device: ({ dev }) => dev,
  slot: () => "set link",
  add: ([fact]) => set(fact, null),
  replace: (from, to) => set(to, from),
  describe: ([{ dev }]) => `group, address and MTU of tap ${dev}`,
  observe: {
    from: "questions",
    queries: ({ taps }) =>
      taps.map((own) => ({
        ...deviceQuestion(own.dev),
        read: (documents) => documents.map(parseDevice).flatMap((device) => observeLink(device, own)),
      })),
  },
};
