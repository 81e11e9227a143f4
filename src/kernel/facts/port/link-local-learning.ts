import type { IfName } from "../../../values/names.ts";
import { sysfs } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";

/**
 * Whether a bridge learns from frames to link-local addresses (01:80:c2:00:00:0X), such as LLDP. It does by default, on learning
 * ports, and before nftables sees them (__br_handle_local_finish, net/bridge/br_input.c; ip-link(8), "no_linklocal_learn").
 */
export interface LinkLocalLearningFact {
  readonly kind: "link-local-learning";
  readonly bridge: IfName;
  readonly on: boolean;
}

const setting = (bridge: IfName): string => `class/net/${bridge}/bridge/no_linklocal_learn`;

export const linkLocalLearning: FactKind<LinkLocalLearningFact> = {
  key: ({ bridge }) => bridge,
  // It belongs to the host.
  device: () => null,
  slot: () => "set link-local-learning",
  add: ([{ bridge, on }]) => [sysfs({ name: setting(bridge), value: on ? "0" : "1" })],
  describe: ([{ bridge, on }]) => `${on ? "" : "no "}learning from link-local frames on ${bridge}`,
  observe: {
    from: "files",
    read: ({ learningBridges }, { readFile }) =>
      learningBridges.map((bridge) => ({
        ...{ kind: "link-local-learning", bridge },
        on: readFile(`/sys/${setting(bridge)}`) !== "1",
      })),
  },
};
