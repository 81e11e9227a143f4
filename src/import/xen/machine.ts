import { parseUuid } from "../../values/names.ts";
import type { Given } from "../report/report.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceGuest, XenType } from "../source-guest.ts";
import { isCpuSet } from "../../values/cpu-set.ts";

const byPrefix = (text: string): XenType | null =>
  // xl compares as many letters as there are: "h" is hvm, and so is "".
  (["hvm", "pvh", "pv"] as const).find((type) => (type === "pvh" ? text === "pvh" : type.startsWith(text))) ??
  null;

/** `type=`, or `builder=` of old; paravirtual if neither is there. */
export const readType = (keys: KeyReader): XenType => {
  const [type, builder] = [keys.text("type"), keys.text("builder")];
  const { report } = keys;
  let result: XenType = "pv";
  if (type !== null) {
    const found = byPrefix(type.value);
    if (found === null) keys.refuse("type", `must be "pv", "pvh" or "hvm", found ${type.found}`);
    else {
      result = found;
      report.taken(type, `${found.toUpperCase()}: it determines the steps inside the guest`);
    }
  }
  if (builder === null) return result;
  const old = { hvm: "hvm", generic: "pv", linux: "pv" } as const;
  const meant = Object.entries(old).find(([name]) => name === builder.value)?.[1];
  if (meant === undefined)
    keys.refuse("builder", `must be "hvm", "generic" or xm's "linux", found ${builder.found}`);
  else if (type !== null && meant !== result)
    keys.refuse("builder", `must match type = ${type.found}, found ${builder.found}`);
  else if (builder.value === "linux")
    report.changed(builder, "xm's name for a paravirtual guest, which xl rejects; treated as PV");
  else report.taken(builder, `${meant.toUpperCase()}: it determines the steps inside the guest`);
  return meant ?? result;
};

/** The guest's UUID; Oracle VM writes it without dashes. */
export const readUuid = (keys: KeyReader): Given<string> | null => {
  const given = keys.text("uuid");
  if (given === null) return null;
  const digits = given.value.replaceAll(/[-\s]/g, "");
  const dashed = /^[0-9a-f]{32}$/i.test(digits)
    ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
    : "";
  const uuid = parseUuid(dashed);
  if (uuid === null)
    return keys.refuse("uuid", `must be a UUID of 32 hexadecimal digits, found ${given.found}`);
  return { ...given, value: uuid };
};

const MOST_MIB = 64 * 1024 * 1024;

/** Memory in KiB at the start, and the maximum. Each is the default of the other. */
export const readMemory = (keys: KeyReader): Pick<SourceGuest, "memory" | "maxMemory"> => {
  const [memory, most] = [keys.number("memory", 1, MOST_MIB), keys.number("maxmem", 1, MOST_MIB)];
  const toKib = (given: Given<number>): Given<number> => ({ ...given, value: given.value * 1024 });
  if (memory !== null && most !== null && most.value < memory.value)
    keys.refuse("maxmem", `must be at least memory, ${memory.value}, found ${most.found}`);
  // xl's own default, when neither is there, is 32 MiB.
  const start = { ...keys.origin("memory"), found: "", value: 32 };
  const now = memory ?? (most === null ? start : { ...most, path: ["memory"], found: "" });
  return { memory: toKib(now), maxMemory: most === null ? null : toKib(most) };
};

/** Writes an exception that is a range, which xl takes and libvirt does not, as single ones: `^2-3` is `^2,^3`. */
const withSingleExceptions = (set: string): string =>
  set.replaceAll(/\^(\d{1,4})-(\d{1,4})/g, (_, first: string, last: string) =>
    Array.from(
      { length: Math.max(0, Number(last) - Number(first) + 1) },
      (_, at) => `^${String(Number(first) + at)}`,
    ).join(","),
  );

const isSet = (text: string): boolean => !text.startsWith("^") && isCpuSet(text);

/** `cpus`: on which CPUs of the host the vCPUs run. */
export const readPinning = (keys: KeyReader): SourceGuest["pinning"] => {
  const items = keys.itemsOrText("cpus");
  if (items.length === 0) return null;
  const origin = keys.origin("cpus");
  const written = items.map(({ value }) => value.text.replaceAll(/\s/g, ""));
  const wrong = written.findIndex(
    (set) => !/^(all|\^?(nodes?:)?(all|\d{1,4}(-\d{1,4})?)(,\^?(nodes?:)?\d{1,4}(-\d{1,4})?)*)$/.test(set),
  );
  if (wrong >= 0) {
    keys.refuse(
      "cpus",
      `must be CPUs of the host such as "0-3,5,^1", "all" or "nodes:0", found ${items[wrong]?.origin.found ?? ""}`,
    );
    return null;
  }
  const sets = written.map(withSingleExceptions);
  if (sets.every((set) => set === "all")) {
    keys.report.taken(origin, "all CPUs, without pinning");
    return null;
  }
  if (!sets.every(isSet)) {
    keys.report.dropped(
      origin,
      "nodes, and sets that begin with an exception or are empty, have no equivalent; pin the vCPUs on the new host if required",
      "step",
    );
    return null;
  }
  const [only = ""] = sets;
  return {
    ...origin,
    value: keys.has("cpus") && items.length === 1 && !keys.isList("cpus") ? only : sets,
  };
};

/** vCPUs: how many there are, and how many there can be. */
export const readVcpus = (keys: KeyReader): Pick<SourceGuest, "vcpus" | "maxVcpus"> => {
  const [vcpus, maxVcpus] = [keys.number("vcpus", 1, 512), keys.number("maxvcpus", 1, 512)];
  if (vcpus !== null && maxVcpus !== null && maxVcpus.value < vcpus.value)
    keys.refuse("maxvcpus", `must be at least vcpus, ${vcpus.value}, found ${maxVcpus.found}`);
  return { vcpus, maxVcpus };
};
