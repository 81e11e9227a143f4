import type { Network } from "./topology.ts";

/** A sign in the picture and its meaning. */
export interface LegendEntry {
  readonly sign: "uplink" | "vlan" | "trunk" | "wrong";
  readonly text: string;
}

const occurs = (networks: readonly Network[]): Readonly<Record<LegendEntry["sign"], boolean>> => {
  const segments = networks.flatMap((network) => network.segments);
  const ports = segments.flatMap((segment) => segment.ports);
  return {
    uplink: networks.some(({ uplinks }) => uplinks.length > 0),
    vlan: segments.some(({ vid }) => vid !== null),
    trunk: ports.some(({ vids }) => vids.length > 0),
    wrong: ports.some(({ wrong }) => wrong.length > 0),
  };
};

const ENTRIES: readonly LegendEntry[] = [
  { sign: "uplink", text: "uplink" },
  { sign: "vlan", text: "VLAN, in its colour" },
  { sign: "trunk", text: "VLANs of a trunk" },
  { sign: "wrong", text: "drift or blocked" },
];

/** Returns the signs of a picture. @param isObserved whether NICs were compared with a host: then the legend has drift */
export const legendOf = (networks: readonly Network[], isObserved: boolean): readonly LegendEntry[] => {
  if (networks.length === 0) return [];
  const there = occurs(networks);
  return ENTRIES.filter(({ sign }) => there[sign] || (sign === "wrong" && isObserved));
};
