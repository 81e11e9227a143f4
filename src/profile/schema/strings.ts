import * as v from "valibot";
import { parseAddress } from "../../values/address.ts";
import { GUEST_NAME, parseGuestName, parseUuid } from "../../values/names.ts";
import { match, read, expects } from "../../text/schema.ts";
import { ADDRESS } from "./network.ts";

export const guestName = read(
  parseGuestName,
  GUEST_NAME,
  expects(
    "guest-name",
    'must be up to 240 bytes of printable text without "/", with no dot or dash first, and no blank first or last',
  ),
);
export const uuid = read(
  parseUuid,
  /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
  expects("uuid", 'must be a UUID such as "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10"'),
);

const KIB: Readonly<Record<string, number>> = { KiB: 1, MiB: 1024, GiB: 1024 ** 2, TiB: 1024 ** 3 };
const SIZE = /^([0-9]+(?:\.[0-9]+)?) ?([KMGT]iB)$/;
/** An amount of memory, as KiB. */
export const size = read(
  (text) => {
    const [, number, unit = ""] = SIZE.exec(text) ?? [];
    const kib = Math.round(Number(number) * (KIB[unit] ?? NaN));
    return kib >= 1024 && kib <= 64 * 1024 ** 3 ? kib : null;
  },
  SIZE,
  expects("size", 'must be an amount with a unit, such as "512 MiB" or "1.5 GiB", from 1 MiB to 64 TiB'),
);

// XML 1.0 has no way to write most control characters, half surrogate pairs, U+FFFE and U+FFFF, not even escaped. Ranges
// and no \p{…}: readers of JSON Schema in other languages do not support it.

/** Text on one line that XML can carry. */
export const line = match(
  /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]*$/u,
  expects("text", "must be text on one line, without control characters"),
);

/** A domain's title, which libvirt's schema takes with at least one character (objectNameWithSlash). */
export const title = match(
  /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]+$/u,
  expects("text", "must be text on one line, not empty and without control characters"),
);

/** Text that may have line breaks. */
export const text = match(
  /^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]*$/u,
  expects("text", "must be text without control characters other than line breaks and tabs"),
);

export const path = match(
  /^\/[^\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]*$/u,
  expects("path", 'must be an absolute path such as "/var/lib/libvirt/images/dns1.qcow2"'),
);

export const diskTarget = match(
  /^(vd|sd|hd)[a-z]{1,3}$/,
  expects("text", 'must be a target name such as "vda" or "sdb"'),
);

/** A libvirt network's or portgroup's name. A network's is a file's name, too. */
export const networkName = match(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  expects("text", "must be a name of 1 to 63 letters, digits, dots, dashes or underscores"),
);

/** A path that is relative to the profile's own file. */
export const templatePath = match(
  /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]+$/u,
  expects("path", 'must be the path of a domain XML such as "windows.xml"'),
);

const machineRule = expects(
  "wrong-choice",
  'must be "q35", "pc", "virt", or a version such as "pc-q35-7.2" (for other machine types use "template")',
);
// Other machines have another PCI layout, USB and disk buses: they come by a template.
export const machine = v.union(
  [
    v.picklist(["q35", "pc", "virt"], machineRule),
    match(/^(pc-q35|pc-i440fx|virt)-[0-9a-z.+-]{1,32}$/, machineRule),
  ],
  machineRule,
);

const clockRule = expects("wrong-choice", 'must be "utc", "localtime" or a time zone such as "Europe/Berlin"');
export const clock = v.union(
  [v.picklist(["utc", "localtime"], clockRule), match(/^[A-Za-z]+(\/[A-Za-z0-9_+-]+){1,2}$/, clockRule)],
  clockRule,
);

export const listenAddress = read(
  parseAddress,
  ADDRESS,
  expects("address", 'must be an address of the host such as "127.0.0.1", "::1" or "0.0.0.0"'),
);

// What libvirt's schema takes (diskSerial in domaincommon.rng).
export const diskSerial = match(
  /^[A-Za-z0-9_.+ -]{1,64}$/,
  expects("text", "must be a serial number of letters, digits, blanks and _ . + -"),
);

/** A pool or a volume in it, as libvirt's schema takes them (objectName, volName). */
export const storageName = match(
  /^[^/\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]+$/u,
  expects("text", "must be the name of a storage pool or volume, on one line and without slashes"),
);
