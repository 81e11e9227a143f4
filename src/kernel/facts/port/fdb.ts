import type { Mac } from "../../../values/mac.ts";
import type { IfName } from "../../../values/names.ts";
import { toVid, type Vid } from "../../../values/vid.ts";
import { bridge } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { asList, asNumber, membersOf, asText } from "../../../values/json.ts";

/**
 * A static entry of the forwarding database: with `locked on`, what lets the guest's own frames in. One that is not sticky
 * moves, static or not, to a learning port that a frame of its address comes in by (br_fdb_update, net/bridge/br_fdb.c).
 */
export interface FdbFact {
  readonly kind: "fdb";
  readonly port: IfName;
  readonly mac: Mac;
  readonly vid: Vid;
  readonly sticky: boolean;
}

/** Reads the static entries of what `bridge -json fdb show dev PORT` prints. */
export const observeFdb = (port: IfName, documents: readonly unknown[]): readonly FdbFact[] =>
  documents.map(membersOf).flatMap((entry): readonly FdbFact[] => {
    const vid = toVid(asNumber(entry["vlan"]) ?? 0);
    const mac = asText(entry["mac"]);
    const sticky = asList(entry["flags"]).includes("sticky");
    return entry["state"] === "static" && vid !== null && mac !== null
      ? [{ kind: "fdb", port, mac: mac as Mac, vid, sticky }]
      : [];
  });

export const fdb: FactKind<FdbFact> = {
  key: ({ port, mac, vid }) => `${port} ${mac} ${String(vid)}`,
  device: ({ port }) => port,
  slot: ({ kind }) => (kind === "remove" ? "remove fdb" : "add fdb"),
  joins: (before, next, removes) => !removes && before.port === next.port && before.mac === next.mac,
  // Without `vlan` the kernel makes one entry for each VLAN that the port has at that moment: by then the right ones. An entry that
  // exists, on any port, becomes this one (fdb_add_entry, net/bridge/br_fdb.c).
  add: ([{ port, mac, vid, sticky }, ...more]) => [
    bridge(
      `fdb replace ${mac} dev ${port}${more.length === 0 ? ` vlan ${String(vid)}` : ""} master static${sticky ? " sticky" : ""}`,
    ),
  ],
  remove: ([{ port, mac, vid }]) => [bridge(`fdb del ${mac} dev ${port} vlan ${String(vid)} master static`)],
  describe: ([{ port, mac, vid }, ...more]) =>
    more.length === 0
      ? `forwarding entry ${mac} VLAN ${String(vid)} on ${port}`
      : `forwarding entries ${mac} on ${port}`,
  observe: {
    from: "questions",
    queries: ({ ports }) =>
      ports.map((dev) => ({
        ...{ tool: "bridge", object: "fdb", verb: "show", dev, args: "" },
        read: (documents) => observeFdb(dev, documents),
      })),
  },
};
