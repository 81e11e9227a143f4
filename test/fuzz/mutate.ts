import fc, { type Arbitrary } from "fast-check";

// What people and editors do to files: letters change, lines move, go and come twice, pieces of one end up in another.

const PIECES = [
  ...[
    "'",
    '"',
    "[",
    "]",
    ",",
    "=",
    "+=",
    "#",
    ";",
    "\\",
    "\n",
    "\r\n",
    "\0",
    "\uFEFF",
    "\u00a0",
    "(",
    ")",
    "{",
    "}",
    ":",
    "%",
    "“",
    "ä",
  ],
  ...[
    "True",
    "None",
    "u'x'",
    "0x",
    "-1",
    "99999999999999999999",
    "[".repeat(60),
    "''",
    "name",
    "memory = ",
    "vif = [ '",
    "disk = [ '",
    "', '",
  ],
  ...[
    "mac=",
    "bridge=",
    "ip=",
    "vlan=10p/",
    "script=vif-route,",
    "phy:",
    "target=",
    "xvda1",
    "hdc:cdrom",
    "__proto__",
    "constructor",
  ],
  ...[
    "<",
    ">",
    "&",
    "&amp;",
    "&#x110000;",
    "</",
    "/>",
    "<!--",
    "<!DOCTYPE x>",
    "<![CDATA[",
    "type='xen'",
    "<memory>",
    "65535",
    "${x}",
    "`id`",
  ],
];

export type Edit = (text: string, other: string) => string;

const at = (text: string, share: number): number => Math.floor(share * (text.length + 1));
const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

export const edits: Arbitrary<Edit> = fc.oneof(
  fc.tuple(share, fc.constantFrom(...PIECES)).map(
    ([where, piece]): Edit =>
      (text) =>
        text.slice(0, at(text, where)) + piece + text.slice(at(text, where)),
  ),
  fc.tuple(share, fc.integer({ min: 1, max: 20 })).map(
    ([where, length]): Edit =>
      (text) =>
        text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
  ),
  fc.tuple(share, fc.integer({ min: 0, max: 0xffff })).map(
    ([where, code]): Edit =>
      (text) =>
        text.slice(0, at(text, where)) + String.fromCharCode(code) + text.slice(at(text, where) + 1),
  ),
  fc.tuple(share, share).map(([from, to]): Edit => (text) => {
    const lines = text.split("\n");
    const [line = ""] = lines.splice(Math.floor(from * lines.length), 1);
    lines.splice(Math.floor(to * lines.length), 0, line);
    return lines.join("\n");
  }),
  share.map((where): Edit => (text) => {
    const lines = text.split("\n");
    const line = Math.floor(where * lines.length);
    return [...lines.slice(0, line + 1), ...lines.slice(line)].join("\n");
  }),
  fc.tuple(share, share).map(
    ([where, from]): Edit =>
      (text, other) =>
        text.slice(0, at(text, where)) + other.slice(at(other, from), at(other, from) + 200),
  ),
  share.map(
    (where): Edit =>
      (text) =>
        text.slice(0, at(text, where)),
  ),
);

/** Files as they could be, after one to four accidents. */
export const mutated = (files: readonly string[]): Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...files),
      fc.constantFrom(...files),
      fc.array(edits, { minLength: 1, maxLength: 4 }),
    )
    .map(([text, other, all]) => all.reduce((sum, edit) => edit(sum, other), text));

/** Any text, much of it made of what the grammars have. */
export const soup: Arbitrary<string> = fc
  .array(
    fc.oneof(fc.constantFrom(...PIECES, " ", "\n", "a", "1"), fc.string({ unit: "binary", maxLength: 5 })),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(""));

/** Specifications of disks and vifs inside a file that is good otherwise. */
export const specs: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("disk", "vif", "pci", "usbdevice", "vfb", "cpus", "extra", "kernel", "name", "boot"),
    fc.array(
      fc.oneof(
        fc.constantFrom(
          ...PIECES.filter((piece) => !/['\n\\]/.test(piece)),
          ",",
          "/dev/vg/a",
          "raw",
          "w",
          "br0",
          "00:16:3e:00:00:01",
        ),
        fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/['\\\n]/g, "")),
      ),
      { maxLength: 12 },
    ),
  )
  .map(([key, pieces]) => {
    const text = pieces.join("");
    const isList = ["disk", "vif", "pci", "vfb"].includes(key);
    return `name = 'fuzz'\nmemory = 64\nkernel = '/boot/vmlinuz'\n${key} = ${isList ? `[ '${text}' ]` : `'${text}'`}\n`;
  });
