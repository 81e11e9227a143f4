/** What one look at the guests of a host has shown. */
export type GuestsState =
  | { readonly kind: "right" }
  /** Some differ, and may be repaired by guestnet-apply: that takes a second or two. */
  | { readonly kind: "repairing" }
  | { readonly kind: "differs"; readonly reason: string };

export type GuestWatch = () => Promise<GuestsState>;

/** How long a guest's NIC may differ: a manager that cannot be kept from it has guestnet-apply repair it. */
const MAY_DIFFER_S = 3;

/** Watches guests' NICs that were right before a trial. */
export const watchGuests = (
  wrongBefore: readonly string[],
  {
    now,
    wrongGuests,
  }: {
    readonly now: () => number;
    readonly wrongGuests: () => Promise<ReadonlyMap<string, string>>;
  },
): GuestWatch => {
  const before = new Set(wrongBefore);
  const since = new Map<string, number>();
  return async () => {
    const wrong = [...(await wrongGuests())].filter(([nic]) => !before.has(nic));
    const names = new Set(wrong.map(([nic]) => nic));
    for (const nic of [...since.keys()]) if (!names.has(nic)) since.delete(nic);
    for (const [nic, why] of wrong) {
      const first = since.get(nic) ?? now();
      since.set(nic, first);
      if (now() - first >= MAY_DIFFER_S) return { kind: "differs", reason: `NIC ${nic} differs: ${why}` };
    }
    return { kind: wrong.length === 0 ? "right" : "repairing" };
  };
};
