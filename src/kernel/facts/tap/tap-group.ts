import type { Reach } from "../../../values/reach.ts";

/** The rules that apply to a routed tap. */
interface Subject {
  readonly antispoof: boolean;
  readonly reach: Reach;
}

/**
 * Interface groups of routed taps: the group is all that the rules need of a tap. 76 is also the route protocol.
 * Bridge ports have others (port-group.ts).
 */
const GROUPS = [
  { group: 76, antispoof: true, reach: "any" },
  { group: 78, antispoof: false, reach: "any" },
  { group: 79, antispoof: true, reach: "uplink-only" },
  { group: 80, antispoof: false, reach: "uplink-only" },
] as const;

/** The group of a tap. */
export const tapGroup = ({ antispoof, reach }: Subject): number =>
  GROUPS.find((one) => one.antispoof === antispoof && one.reach === reach)?.group ?? 0;

/** The groups of which something is true, as nft(8) writes a set: `{ 76, 79 }`. */
export const groupSet = (isIn: (subject: Subject) => boolean): string =>
  `{ ${GROUPS.filter(isIn)
    .map(({ group }) => group)
    .join(", ")} }`;
