import { type EmulatedNic, isPassed, type Profile } from "../../guest/profile.ts";
import type { Issue } from "../../values/issue.ts";
import { readSize, renderSize } from "../../values/size.ts";
import { attribute, child, childrenOf, textOf, type XmlElement } from "../../xml/tree.ts";

/** Something wrong with a completed domain, at the key of the profile that it follows from. */
export type Complaint = Pick<Issue, "severity" | "code" | "path" | "message">;

const complaint = (code: Issue["code"], path: Issue["path"], message: string): Complaint => ({
  severity: "error",
  code,
  path,
  message,
});

const cellsOf = (domain: XmlElement): readonly XmlElement[] =>
  childrenOf(child(child(domain, "cpu"), "numa"), "cell");

const cellsName = ({ numa }: Profile): string =>
  numa === null || numa.cells.length === 0 ? "the template's <numa> cells" : "numa.cells";

/** libvirt uses the sum of the cells as the guest's memory, and ignores `<memory>` (virDomainDefPostParseMemory). */
const memory = (domain: XmlElement, profile: Profile): readonly Complaint[] => {
  const sizes = cellsOf(domain).map((cell) =>
    readSize(attribute(cell, "memory") ?? "", attribute(cell, "unit")),
  );
  const sum = sizes.reduce<number>((all, size) => all + (size ?? NaN), 0);
  const { maxKiB } = profile.memory;
  if (sizes.length === 0 || Number.isNaN(sum) || sum === maxKiB) return [];
  const key = profile.memory.kib === maxKiB ? "memory" : "maxMemory";
  const message = `must be ${renderSize(sum)}, the sum of ${cellsName(profile)}, found ${renderSize(maxKiB)}`;
  return [complaint("size", [key], message)];
};

/** `0-3,8`: the largest number in it; null where it is another text. */
const largestIn = (cpuset: string): number | null => {
  const numbers = cpuset.split(",").flatMap((part) => (part.startsWith("^") ? [] : part.split("-")));
  const largest = Math.max(...numbers.map(Number));
  return Number.isInteger(largest) ? largest : null;
};

/** libvirt refuses CPUs that the guest does not have: "NUMA node CPUs greater than maximum vCPUs". */
const processors = (domain: XmlElement, profile: Profile): readonly Complaint[] => {
  const largest = cellsOf(domain).flatMap((cell) => largestIn(attribute(cell, "cpus") ?? "") ?? []);
  const count = Number(textOf(child(domain, "vcpu")).trim() || 1);
  const needed = Math.max(0, ...largest) + 1;
  if (largest.length === 0 || !(needed > count)) return [];
  const message = `must be at least ${needed}, the CPUs in ${cellsName(profile)}, found ${count}`;
  return [complaint("count", ["vcpus"], message)];
};

/** QEMU has one switch for both, and libvirt refuses the two that contradict each other. */
const actions = (domain: XmlElement): readonly Complaint[] => {
  const action = (name: string): string => textOf(child(domain, name)).trim();
  if (action("on_poweroff") !== "restart" || action("on_reboot") !== "destroy") return [];
  const message = `must be "restart" where onPoweroff is "restart", found "destroy"`;
  return [complaint("wrong-choice", ["onReboot"], message)];
};

/** Emulation has no host CPU. */
const emulation = (domain: XmlElement): readonly Complaint[] => {
  const mode = attribute(child(domain, "cpu"), "mode");
  if (attribute(domain, "type") !== "qemu" || (mode !== "host-passthrough" && mode !== "host-model"))
    return [];
  const message = `must be "maximum" or a model where virtType is "qemu", found "${mode}"`;
  return [complaint("wrong-choice", ["cpu"], message)];
};

const emulatedNics = (
  profile: Profile,
): readonly { readonly nic: EmulatedNic; readonly path: Issue["path"] }[] =>
  profile.interfaces.flatMap((nic, index) => (isPassed(nic) ? [] : [{ nic, path: ["interfaces", index] }]));

/** A host has each tap once: the profile's, and the other ones of the template. */
const taps = (domain: XmlElement, profile: Profile): readonly Complaint[] => {
  const others = childrenOf(child(domain, "devices"), "interface").map((element) => ({
    mac: attribute(child(element, "mac"), "address")?.toLowerCase(),
    tap: attribute(child(element, "target"), "dev"),
  }));
  return emulatedNics(profile).flatMap(({ nic, path }) =>
    others.some(({ mac, tap }) => tap === nic.tap && mac !== nic.mac)
      ? [
          complaint(
            "duplicate",
            [...path, "tap"],
            `the tap name ${nic.tap} is already in the template: use another`,
          ),
        ]
      : [],
  );
};

/** A vCPU serves one queue pair (QEMU, virtio-net `mq`). Works, and costs memory only: a warning. */
const queues = (domain: XmlElement, profile: Profile): readonly Complaint[] => {
  const vcpu = child(domain, "vcpu");
  const count = Number(attribute(vcpu, "current") ?? (textOf(vcpu).trim() || 1));
  return emulatedNics(profile).flatMap(({ nic, path }): readonly Complaint[] => {
    if (!(nic.queues > count)) return [];
    const message = `should be at most ${count}, the number of vCPUs, found ${nic.queues}: more queues have no effect`;
    return [{ ...complaint("queues", [...path, "queues"], message), severity: "warning" }];
  });
};

/**
 * Returns the contradictions in a completed domain, which libvirt would refuse or resolve silently. The profile alone shows
 * none of them: one half of each is the template's.
 */
export const checkCompleted = (domain: XmlElement, profile: Profile): readonly Complaint[] => [
  ...memory(domain, profile),
  ...processors(domain, profile),
  ...actions(domain),
  ...emulation(domain),
  ...taps(domain, profile),
  ...queues(domain, profile),
];
