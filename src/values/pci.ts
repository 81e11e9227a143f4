/** The address of a PCI function, as `lspci -D` prints it: `0000:07:10.0`. */
export interface PciAddress {
  readonly domain: string;
  readonly bus: string;
  readonly slot: string;
  readonly function: string;
}

const FORM = /^(?:([0-9a-f]{4}):)?([0-9a-f]{2}):([01][0-9a-f])\.([0-7])$/;

/** Reads `0000:07:10.0`, or `07:10.0` of the first domain. @returns null when it is neither */
export const parsePciAddress = (text: string): PciAddress | null => {
  const [all, domain = "0000", bus, slot, fn] = FORM.exec(text.toLowerCase()) ?? [];
  return all === undefined || bus === undefined || slot === undefined || fn === undefined
    ? null
    : { domain, bus, slot, function: fn };
};
