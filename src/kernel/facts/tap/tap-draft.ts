import type { IfName } from "../../../values/names.ts";
import { ip } from "../command.ts";
import { type Device, deviceQuestion, parseDevice } from "../device.ts";
import type { FactKind } from "../fact-kind.ts";

/** A tap that was being made when the hook was killed. It is never desired. */
export interface TapDraftFact {
  readonly kind: "tap-draft";
  readonly dev: IfName;
}

/** Reads an unfinished tap; one that has an alias is complete. */
export const observeDraft = ({ name: dev, tap, alias }: Device): readonly TapDraftFact[] =>
  tap === null || alias !== null ? [] : [{ kind: "tap-draft", dev }];

export const tapDraft: FactKind<TapDraftFact> = {
  key: ({ dev }) => dev,
  device: ({ dev }) => dev,
  slot: () => "remove tap-draft",
  add: ([{ dev }]) => [ip(`tuntap add dev ${dev} mode tap`)],
  remove: ([{ dev }]) => [ip(`link delete dev ${dev}`)],
  describe: ([{ dev }]) => `unfinished tap ${dev}`,
  observe: {
    from: "questions",
    queries: ({ drafts }) =>
      drafts.map((dev) => ({
        ...deviceQuestion(dev),
        read: (documents) => documents.map(parseDevice).flatMap(observeDraft),
      })),
  },
};
