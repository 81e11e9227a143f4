import type { ProfileText } from "../../profile/schema/profile.ts";
import type { Account, Given } from "../report/account.ts";
import type { SourceGuest } from "../source-guest.ts";

/** KiB as a profile writes it: whole GiB or MiB where they are whole. */
export const renderSize = (kib: number): string => {
  if (kib % 1024 ** 2 === 0) return `${kib / 1024 ** 2} GiB`;
  return kib % 1024 === 0 ? `${kib / 1024} MiB` : `${kib} KiB`;
};

const sayMemory = (given: Given<number>, account: Account, what: string): void => {
  if (given.found === "")
    account.changed(given, `${renderSize(given.value)}: ${what}, which the file leaves out`);
  else account.taken(given, `${renderSize(given.value)}: ${what}`);
};

/** Memory, and what the guest can grow to. */
export const toMemory = (
  { memory, maxMemory }: SourceGuest,
  account: Account,
): Pick<ProfileText, "memory" | "maxMemory"> => {
  sayMemory(memory, account, "what the guest has");
  if (maxMemory === null) return { memory: renderSize(memory.value) };
  sayMemory(maxMemory, account, "what it can grow to");
  if (maxMemory.value <= memory.value) return { memory: renderSize(memory.value) };
  account.task(
    "inside",
    "Between `memory` and `maxMemory` the guest's balloon driver gives and takes; without one the guest has all of it (`virtio_balloon` in Linux).",
  );
  return { memory: renderSize(memory.value), maxMemory: renderSize(maxMemory.value) };
};

/** vCPUs, and where they run. */
export const toVcpus = (guest: SourceGuest, account: Account): Pick<ProfileText, "vcpus"> => {
  const { vcpus, maxVcpus, pinning } = guest;
  const count = vcpus?.value ?? 1;
  const max = Math.max(maxVcpus?.value ?? count, count);
  if (vcpus !== null) account.taken(vcpus, `${count}`);
  if (maxVcpus !== null) account.taken(maxVcpus, `at most ${max}`);
  if (pinning === null) {
    if (max > count) return { vcpus: { count, max } };
    return count === 1 && vcpus === null ? {} : { vcpus: count };
  }
  const sets = pinning.value;
  if (typeof sets !== "string" && sets.length !== max) {
    account.dropped(
      pinning,
      `the list has ${sets.length} sets for ${max} vCPUs; pin them on the new host if need be`,
      "step",
    );
    return { vcpus: max > count ? { count, max } : count };
  }
  account.taken(
    pinning,
    "pinned to these CPUs; they are the old host's numbers, so look at the new host's (lscpu -e)",
    "step",
  );
  return {
    vcpus: { count, ...(max > count ? { max } : {}), pinning: typeof sets === "string" ? sets : [...sets] },
  };
};
