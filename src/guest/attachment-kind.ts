import type { Address, Prefix } from "../values/address.ts";
import type { IfName } from "../values/names.ts";
import { tableWords } from "../values/route-table.ts";
import { renderVidSet, type Vid } from "../values/vid.ts";
import type { AccessAttachment, Attachment, RoutedAttachment, TrunkAttachment } from "./attachment.ts";

/** What a kind of attachment is to all who look at guests, whatever kind it is. */
interface AttachmentKind<A extends Attachment> {
  /** Returns the bridge that it is on, and its VLANs there; null without a bridge. */
  port(attachment: A): { readonly bridge: IfName; readonly vids: readonly Vid[] } | null;
  /** Returns the addresses and networks that the host knows it has: of a bridge NIC, those that it is held to. */
  networks(attachment: A): {
    readonly addresses: readonly Address[];
    readonly prefixes: readonly Prefix[];
    /** Others that say the same may have them as well. */
    readonly anycast: boolean;
  };
  /** Returns where these are known: two that differ never meet in one neighbour table. */
  segment(attachment: A): string;
  /** Returns how it is attached: `access br0`, `routed`. */
  describe(attachment: A): string;
  /** Returns its VLANs or addresses: `20`, `30,100-199 native 10`, `192.0.2.53 2001:db8:53::/64`. */
  place(attachment: A): string;
}

const heldTo = ({ policy }: AccessAttachment | TrunkAttachment) => ({
  addresses: policy.guard?.addresses ?? [],
  prefixes: [],
  anycast: false,
});

const access: AttachmentKind<AccessAttachment> = {
  port: ({ bridge, vlan }) => ({ bridge, vids: [vlan] }),
  networks: heldTo,
  segment: ({ bridge, vlan }) => `VLAN ${String(vlan)} of ${bridge}`,
  describe: ({ bridge }) => `access ${bridge}`,
  place: ({ vlan }) => String(vlan),
};

const trunk: AttachmentKind<TrunkAttachment> = {
  port: ({ bridge, tagged, native }) => ({ bridge, vids: [...tagged, ...(native === null ? [] : [native])] }),
  networks: heldTo,
  segment: ({ bridge, native }) =>
    native === null ? `the trunk on ${bridge}` : `VLAN ${String(native)} of ${bridge}`,
  describe: ({ bridge }) => `trunk ${bridge}`,
  place: ({ tagged, native }) =>
    native === null ? renderVidSet(tagged) : `${renderVidSet(tagged)} native ${String(native)}`.trim(),
};

/** The segment of routed NICs in the main table; those in other tables begin with it. */
export const ROUTED = "routed";

const routed: AttachmentKind<RoutedAttachment> = {
  port: () => null,
  networks: ({ addresses, prefixes, anycast }) => ({ addresses, prefixes, anycast }),
  // Each table, and each VRF, knows its networks for itself.
  segment: ({ table }) => (table.kind === "main" ? ROUTED : `${ROUTED} in${tableWords(table)}`),
  describe: () => ROUTED,
  place: ({ addresses, prefixes }) => [...addresses, ...prefixes].join(" "),
};

const KINDS = { access, trunk, routed } satisfies {
  readonly [K in Attachment["kind"]]: AttachmentKind<Extract<Attachment, { readonly kind: K }>>;
};

/** Returns what an attachment's kind is. */
export const attachmentKind = ({ kind }: Attachment): AttachmentKind<Attachment> => KINDS[kind];
