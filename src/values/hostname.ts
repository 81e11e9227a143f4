const MAX_LABEL = 63;
const MAX_NAME = 253;

/** A name that is one label as it is. */
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Returns letters with accents and umlauts as those without (Unicode Normalization Form KD). */
export const withoutMarks = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "");

const trimmed = (label: string): string => label.replaceAll(/^-+|-+$/g, "");

/**
 * Returns a guest's name as a hostname (RFC 1123, section 2.1), with or without a domain: letters lose their accents, a dash
 * replaces what is between letters and digits, no label is empty or begins or ends with a dash. libvirt allows names that have nothing of a hostname: that one is `guest`.
 */
export const toHostname = (name: string): string => {
  if (LABEL.test(name)) return name;
  const labels = withoutMarks(name)
    .replaceAll(/[^A-Za-z0-9._-]+|_/g, "-")
    .split(".")
    .map((label) => trimmed(trimmed(label).slice(0, MAX_LABEL)))
    .filter((label) => label !== "");
  const hostname = labels
    .join(".")
    .slice(0, MAX_NAME)
    .replace(/[.-]+$/, "");
  return hostname === "" ? "guest" : hostname;
};
