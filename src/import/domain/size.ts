import type { Given } from "../report/account.ts";
import type { DomainReader } from "./reader.ts";
import { attr, type DomainNode } from "../../xml/domain-tree.ts";

// formatdomain, "Memory Allocation": the units that libvirt reads; KiB where none is given.
const UNITS: Readonly<Record<string, number>> = {
  ...{ b: 1, bytes: 1, KB: 1e3, k: 1024, K: 1024, KiB: 1024, MB: 1e6, M: 1024 ** 2, MiB: 1024 ** 2 },
  ...{ GB: 1e9, G: 1024 ** 3, GiB: 1024 ** 3, TB: 1e12, T: 1024 ** 4, TiB: 1024 ** 4 },
};
const MOST_KIB = 64 * 1024 ** 3;

const sizeOf = (reader: DomainReader, node: DomainNode | null): Given<number> | null => {
  if (node === null) return null;
  const unit = UNITS[attr(node, "unit") ?? "KiB"];
  const kib =
    /^\s*\d{1,18}\s*$/.test(node.text) && unit !== undefined
      ? Math.ceil((Number(node.text) * unit) / 1024)
      : NaN;
  if (kib >= 1024 && kib <= MOST_KIB) return reader.given(node, kib);
  return reader.refuse(
    node,
    `must be an amount of memory from 1 MiB to 64 TiB, found ${reader.origin(node).found}`,
  );
};

/** What the guest has when it starts, and, where that is more, what it can grow to; KiB. */
export const readSizes = (
  reader: DomainReader,
): { readonly memory: Given<number>; readonly maxMemory: Given<number> | null } | null => {
  const most = sizeOf(reader, reader.child(reader.root, "memory"));
  const now = sizeOf(reader, reader.child(reader.root, "currentMemory"));
  if (most === null) {
    if (reader.account.issues.length === 0) reader.refuse(reader.root, "there must be a <memory>");
    return null;
  }
  if (now === null) return { memory: most, maxMemory: null };
  // libvirt takes more than there is for all of it.
  return now.value >= most.value
    ? { memory: { ...now, value: most.value }, maxMemory: most }
    : { memory: now, maxMemory: most };
};
