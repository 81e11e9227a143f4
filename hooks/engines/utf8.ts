/** The bits of a first byte, by how many more bytes a character has (RFC 3629, section 3). */
const LEAD = [0, 0xc0, 0xe0, 0xf0];

/** Returns the text as bytes. */
export const encode = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(text.length * 3); // at most three for each half of a surrogate pair
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      bytes[length++] = unit;
      continue;
    }
    const point = text.codePointAt(at) ?? 0;
    if (point >= 0x10000) at += 1;
    const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    bytes[length++] = (LEAD[more] ?? 0) | (point >> (6 * more));
    for (let left = more - 1; left >= 0; left -= 1) bytes[length++] = 0x80 | ((point >> (6 * left)) & 0x3f);
  }
  return bytes.slice(0, length);
};

/** The characters beyond ASCII (RFC 3629, section 4), and any other byte by itself. */
const BEYOND =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g;

const ASCII = /^[\0-\x7f]*$/;

/** @param bytes a character a byte @returns the text, with U+FFFD for each byte that is not UTF-8 */
export const decode = (bytes: string): string =>
  ASCII.test(bytes)
    ? bytes
    : bytes.replace(BEYOND, (found) =>
        found.length === 1
          ? "\ufffd"
          : decodeURIComponent(Array.from(found, (byte) => `%${byte.charCodeAt(0).toString(16)}`).join("")),
      );
