import type { Reach } from "../../values/reach.ts";
import { type Address, type Prefix, toHostPrefix } from "../../values/address.ts";
import type { NonEmpty } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import { type RouteTable, tableWords } from "../../values/route-table.ts";
import { placedPlainly } from "../placement.ts";
import { OWN, type Sharing } from "../sharing.ts";
import type { AttachmentKind } from "./attachment-kind.ts";

/** How long an address that several guests have is announced for one of them: while it runs, or while it answers on its tap. */
export type Anycast = "runs" | "answers";

/** A tap without a bridge; the guest's addresses are host routes to it. */
export interface RoutedAttachment {
  readonly kind: "routed";
  readonly addresses: NonEmpty<Address>;
  /** Whole networks, each routed via the guest's first address of its family. */
  readonly prefixes: readonly Prefix[];
  /** The guest's next hop, an address of the host on the tap. Only families of the guest's addresses. */
  readonly gateways: readonly Address[];
  /** Only packets from the guest's own addresses and prefixes pass. */
  readonly antispoof: boolean;
  /** The routing table of its routes. */
  readonly table: RouteTable;
  /** Metric of its routes; null leaves it to the kernel. */
  readonly metric: number | null;
  /** When other guests may have the same addresses, on this host and elsewhere; null if they may not. */
  readonly anycast: Anycast | null;
  /** Whether the host forwards between it and other routed guests. */
  readonly reach: Reach;
  /** Uplinks on which the host answers for its addresses. */
  readonly proxyOn: readonly IfName[];
}

/** The segment of routed NICs in the main table, and the name of all routed NICs in a diagram. */
export const ROUTED = "routed";

// Each table, and each VRF, has its own networks.
const segment = ({ table }: RoutedAttachment): string =>
  table.kind === "main" ? ROUTED : `${ROUTED} in${tableWords(table)}`;

const sharingOf = ({ anycast }: RoutedAttachment): Sharing => (anycast === null ? OWN : { kind: "anycast" });

export const routed: AttachmentKind<RoutedAttachment> = {
  port: () => null,
  networks: (attachment) => {
    const known = { vid: null, segment: segment(attachment), sharing: sharingOf(attachment) };
    return [
      ...attachment.addresses.map((address) => ({ address, prefix: toHostPrefix(address), ...known })),
      ...attachment.prefixes.map((prefix) => ({ address: null, prefix, ...known })),
    ];
  },
  sharing: sharingOf,
  gateways: ({ gateways }) => gateways,
  segment,
  describe: () => ROUTED,
  place: ({ addresses, prefixes }) => [...addresses, ...prefixes].join(" "),
  placement: ({ addresses, prefixes }) => ({
    ...placedPlainly(ROUTED, "host routes to routed NICs", "taps"),
    lines: [...addresses, ...prefixes],
  }),
  json: ({ addresses, prefixes }) => ({ addresses, prefixes }),
};
