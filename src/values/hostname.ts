import { domainToASCII } from "node:url";

const MAX_LABEL = 63;
const MAX_NAME = 253;

/** A name that is one label as it is. */
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Returns letters with accents and umlauts as those without (Unicode Normalization Form KD). */
export const withoutMarks = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "");

const trimmed = (label: string): string => label.replaceAll(/^-+|-+$/g, "");

/** Returns the label that DNS has for letters of other alphabets (RFC 5890, section 2.3.2.1), or "" for a name that has none. */
const encoded = (name: string): string => {
  const label = domainToASCII(trimmed(name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")));
  return label.length > MAX_LABEL ? "" : label;
};

/**
 * Returns a guest's name as a hostname (RFC 1123, section 2.1), with or without a domain: letters lose their accents, a dash
 * replaces what is between letters and digits, no label is empty or begins or ends with a dash. A name of other letters only is encoded
 * (`日本` is `xn--wgv71a`), and one without any is `guest`.
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
  return hostname || encoded(name) || "guest";
};
