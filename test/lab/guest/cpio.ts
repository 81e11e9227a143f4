/** A file for an initramfs. Folders need entries of their own, before what is in them. */
export interface Entry {
  readonly path: string;
  /** Type and permission bits, as in stat(2): 0o40755 a folder, 0o100644 a file, 0o20600 a device. */
  readonly mode: number;
  readonly data?: Buffer;
  /** Major and minor number of a device. */
  readonly device?: readonly [number, number];
}

/** A cpio archive in the format "newc", the one that Linux unpacks as its initramfs. */
export function cpio(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries, { path: "TRAILER!!!", mode: 0 }].flatMap(record));
}

function record({ path, mode, data = Buffer.alloc(0), device = [0, 0] }: Entry, index: number): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const [inode, owner, group, links, time] = [index + 1, 0, 0, 1, 0];
  const fields = [inode, mode, owner, group, links, time, data.length, 0, 0, ...device, name.length, 0];
  const header = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  return [padded(Buffer.concat([Buffer.from(`070701${header}`), name])), padded(data)];
}

/** Every part starts at a multiple of four. */
function padded(part: Buffer): Buffer {
  return Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
}
