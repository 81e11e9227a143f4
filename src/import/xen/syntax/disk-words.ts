/** One word of a disk or vif specification, and where in the text it begins. */
export interface Word {
  readonly kind: "prefix" | "key" | "flag" | "positional";
  /** `format`, `vdev` …; of a flag or prefix the word itself; of a positional what it stands for. */
  readonly name: string;
  readonly text: string;
  readonly index: number;
}

export const DISK_KEYS = [
  ...["target", "format", "vdev", "access", "devtype", "backend", "backendtype", "script", "specification"],
  ...["colo-host", "colo-port", "colo-export", "active-disk", "hidden-disk"],
] as const;
export const DISK_FLAGS = [
  ...["cdrom", "discard", "no-discard", "direct-io-safe", "colo", "no-colo", "trusted", "untrusted"],
] as const;

// libxlu_disk_l.l: these are stripped wherever an item begins.
const PREFIX = /^(raw|qcow2?|vhd|iscsi|e?nbd|drbd|tap2?|tapdisk|aio|ioemu|file|phy):/;
const UNKNOWN_PREFIX = /^([a-z][a-z0-9]*):(?![a-z0-9])/;

/** What a positional is, given what is set already. */
const POSITIONS = ["target", "format", "vdev", "access"] as const;

export interface DiskWords {
  readonly words: readonly Word[];
  /** What is no word of the grammar, with its place in the text. */
  readonly faults: readonly { readonly index: number; readonly message: string }[];
}

/** Takes a disk specification apart (xl-disk-configuration(5), libxlu_disk_l.l). */
export const splitDisk = (text: string): DiskWords => {
  const words: Word[] = [];
  const faults: { index: number; message: string }[] = [];
  const taken = new Set<string>();
  let index = 0;
  const put = (kind: Word["kind"], name: string, value: string, at: number): void => {
    if (taken.has(name) && kind !== "prefix") faults.push({ index: at, message: `${name} is given twice` });
    taken.add(name);
    words.push({ kind, name, text: value, index: at });
  };
  while (index < text.length) {
    index += /^[ \t\n]*/.exec(text.slice(index))?.[0].length ?? 0;
    if (index >= text.length) break;
    const rest = text.slice(index);
    const prefix = PREFIX.exec(rest)?.[1];
    if (prefix !== undefined) {
      put("prefix", prefix, prefix, index);
      // Behind a prefix there is no positional format.
      taken.add("format");
      index += prefix.length + 1;
      continue;
    }
    if (rest.startsWith("target=")) {
      put("key", "target", rest.slice(7), index);
      break;
    }
    const end = rest.indexOf(",");
    const item = end < 0 ? rest : rest.slice(0, end);
    // `,hdc:cdrom,r`, an empty drive: an item like this is no format.
    if (item.includes(":") && words.some(({ name, text: target }) => name === "target" && target === ""))
      taken.add("format");
    const key = /^([A-Za-z][-A-Za-z0-9_]*)=(.*)$/s.exec(item);
    const unknown = UNKNOWN_PREFIX.exec(item)?.[1];
    if (key !== null && DISK_KEYS.some((known) => known === key[1]))
      put("key", key[1] ?? "", key[2] ?? "", index);
    else if (DISK_FLAGS.some((known) => known === item)) put("flag", item, item, index);
    else if (item.includes("=")) {
      faults.push({
        index,
        message: `must be one of the keys ${DISK_KEYS.slice(0, 9).join(", ")} (a path with = in it goes behind target=, as the last item), found ${item}`,
      });
    } else {
      if (unknown !== undefined)
        faults.push({
          index,
          message: `must begin with a path or a known prefix such as file:, phy:, tap:aio:, found ${unknown}:`,
        });
      const name = POSITIONS.find((candidate) => !taken.has(candidate));
      if (name === undefined)
        faults.push({
          index,
          message: `there are no more than target, format, vdev and access, found ${item}`,
        });
      else put("positional", name, item, index);
    }
    index += item.length + 1;
  }
  return { words, faults };
};
