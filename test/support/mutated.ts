import fc, { type Arbitrary } from "fast-check";

// Values that are right somewhere, so that they are nearly right elsewhere.
const numbers = [0, 1, 2, 20, 576, 4094, 4095, 5900, 0.5, -1, 1e300];
const words = [
  "virtio",
  "sata",
  "scsi",
  "raw",
  "qcow2",
  "cdrom",
  "disk",
  "qemu",
  "kvm",
  "maximum",
  "host-model",
];
const names = [
  "a",
  "vda",
  "sda",
  "hda",
  "br0",
  "vnet0",
  "servers",
  "0000:07:10.0",
  "0-3,^2",
  "q35",
  "destroy",
  "restart",
];
const texts = [
  "",
  " ",
  "1 GiB",
  "1 GB",
  "/a",
  "/a.qcow2",
  "a\nb",
  "utc",
  "Europe/Berlin",
  "100-199",
  "199-100",
  "0-5000",
];
const addresses = [
  "192.0.2.1",
  "192.0.2.1/32",
  "10.0.0.5/24",
  "2001:db8::/64",
  "2001:db8::1",
  "fe80::1",
  "192.0.2.256",
];
const macs = ["52:54:00:00:00:01", "01:00:5e:00:00:01", "00:00:00:00:00:00"];
const odd = [
  "e\u0301",
  "\u{1F600}",
  "\uD800",
  "br\u0000",
  "\uFFFE",
  "x".repeat(16),
  "x".repeat(64),
  "é".repeat(8),
  "\u{1F600}".repeat(5),
];
const strange: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [20], ["192.0.2.9"], ["100-199", 5]),
  fc.constantFrom<unknown>(...numbers, ...words, ...names, ...texts, ...addresses, ...macs, ...odd),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.integer({ min: -5, max: 70_000 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Picks a place by a list of numbers and does something to it there. */
const change = (value: unknown, way: readonly number[], key: string, what: unknown): unknown => {
  const [step = 0, ...rest] = way;
  if (Array.isArray(value) && value.length > 0 && rest.length > 0) {
    const at = step % value.length;
    return value.with(at, change(value[at], rest, key, what));
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value) && rest.length > 0) {
    const all = Object.entries(value);
    const at = step % (all.length + 2);
    const [name = key, inner] = all[at] ?? [];
    // One past the end adds a key, two past it removes one.
    if (at === all.length) return { ...value, [key]: what };
    if (at > all.length)
      return Object.fromEntries(all.filter((_, index) => index !== (rest[0] ?? 0) % all.length));
    return { ...value, [name]: change(inner, rest, key, what) };
  }
  return what;
};

/** JSON values with one to three mistakes in them, at some of these keys. */
export const mutated = (of: Arbitrary<unknown>, keys: readonly string[]): Arbitrary<unknown> => {
  const names = fc.constantFrom(...keys, "Name", "vlans", "constructor", "toString");
  const way = fc.array(fc.nat(20), { minLength: 1, maxLength: 6 });
  return fc
    .tuple(of, fc.array(fc.tuple(way, names, strange), { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) =>
      changes.reduce<unknown>((one, [where, key, what]) => change(one, where, key, what), value),
    );
};
