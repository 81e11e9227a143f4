/** Text as bytes. */
export const encode = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(text.length * 3); // at most three for each half of a surrogate pair
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
    if (point < 0x80) bytes[length++] = point;
    else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = tail(0);
    } else if (point < 0x10000) {
      bytes[length++] = 0xe0 | (point >> 12);
      bytes[length++] = tail(6);
      bytes[length++] = tail(0);
    } else {
      bytes[length++] = 0xf0 | (point >> 18);
      for (const shift of [12, 6, 0]) bytes[length++] = tail(shift);
    }
  }
  return bytes.slice(0, length);
};

/** The characters beyond ASCII (RFC 3629, section 4), and any other byte by itself. */
const BEYOND =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g;

/** @param bytes a character a byte @returns the text, with U+FFFD for each byte that is not UTF-8 */
export const decode = (bytes: string): string =>
  bytes.replace(BEYOND, (found) =>
    found.length === 1
      ? "\ufffd"
      : decodeURIComponent(Array.from(found, (byte) => `%${byte.charCodeAt(0).toString(16)}`).join("")),
  );
