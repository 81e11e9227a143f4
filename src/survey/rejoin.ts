import type { Plan, Step } from "../kernel/facts/change.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import { type Fact, type PortFlag, type PortFlagFact } from "../kernel/facts/fact.ts";
import { deviceOf, hostState } from "../kernel/facts/host-state.ts";
import type { IfName } from "../values/names.ts";
import { toVid } from "../values/vid.ts";
import type { View } from "../kernel/facts/view.ts";

/** A guest's tap that is no port of its bridge any more, and how it becomes one again. */
export interface Rejoin {
  readonly port: IfName;
  readonly bridge: IfName;
  /** Steps before its VLANs are right, and after. */
  readonly before: Plan;
  readonly after: Plan;
}

const step = (line: string, does: string): Step => ({ tool: "ip", line, does, undo: null });

/**
 * How the tap comes back: switched off, because the bridge puts a new port into its default VLAN at once, and on again when
 * its VLANs are right. A tap that was off stays so. QEMU and the guest see no change of its link.
 *
 * @returns null when nothing is to be done, or nothing can be: no tap, or no bridge
 */
export const rejoinOf = ({ demands }: Desired, { links }: View): Rejoin | null => {
  for (const demand of demands) {
    if (demand.kind !== "port-of") continue;
    const { tap: port, bridge } = demand;
    const link = links.get(port);
    if (link === undefined || link.tap === null || link.master === bridge) continue;
    if (links.get(bridge)?.bridge?.vlanFiltering !== true) continue;
    const left =
      link.master === null ? `${port} is no port of ${bridge}` : `${port} is a port of ${link.master}`;
    return {
      port,
      bridge,
      before: [
        ...(link.up ? [step(`link set dev ${port} down`, `closing ${port} until its VLANs are right`)] : []),
        step(`link set dev ${port} master ${bridge}`, `making ${port} a port of ${bridge}: ${left}`),
      ],
      after: link.up ? [step(`link set dev ${port} up`, `opening ${port}`)] : [],
    };
  }
  return null;
};

/** What the kernel gives a new port (new_nbp, net/bridge/br_if.c), of the flags that we know. */
const FIRST_ON: ReadonlySet<PortFlag> = new Set<PortFlag>(["learning"]);

/** The view as it will be right after the port has joined: with the bridge's default VLAN, and none of what it had before. */
export const afterRejoin = (view: View, { port, bridge }: Rejoin, desired: Desired): View => {
  const link = view.links.get(port);
  const stays = [...view.facts.values()].filter((fact) => deviceOf(fact) !== port);
  const flags = desired.facts.flatMap((fact): readonly PortFlagFact[] =>
    fact.kind === "port-flag" && fact.port === port ? [{ ...fact, on: FIRST_ON.has(fact.flag) }] : [],
  );
  const vid = toVid(view.links.get(bridge)?.bridge?.defaultPvid ?? 0);
  const first: readonly Fact[] =
    vid === null ? [] : [{ kind: "port-vlan", port, vid, pvid: true, untagged: true }];
  return {
    ...view,
    links: link === undefined ? view.links : new Map([...view.links, [port, { ...link, master: bridge }]]),
    facts: hostState([...stays, ...flags, ...first]),
    routes: view.routes,
  };
};
