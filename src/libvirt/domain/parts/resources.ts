import type { Cpu, Topology, Vcpus } from "../../../guest/hardware.ts";
import type { Profile } from "../../../guest/profile.ts";
import {
  appended,
  withAttributes,
  withChild,
  withoutAttributes,
  withoutNamed,
  withText,
} from "../../../xml/edit.ts";
import { attribute, child, element, textOf, type XmlElement } from "../../../xml/tree.ts";
import { readSize } from "../../../values/size.ts";
import { CPU, DOMAIN } from "./element-order.ts";

const withAmount = (domain: XmlElement, name: string, kib: number): XmlElement => {
  const old = child(domain, name);
  // 4 GiB may stay 4 GiB.
  if (old !== null && readSize(textOf(old), attribute(old, "unit")) === kib) return domain;
  return withChild(domain, name, DOMAIN, (amount) =>
    withText(withAttributes(amount, { unit: "KiB" }), String(kib)),
  );
};

/** `<memory>` is what the balloon can give at most, `<currentMemory>` what it leaves to the guest at first. */
export const withMemory = (domain: XmlElement, { memory }: Profile): XmlElement => {
  const changed = withAmount(domain, "memory", memory.maxKiB);
  return child(changed, "currentMemory") !== null || memory.kib !== memory.maxKiB
    ? withAmount(changed, "currentMemory", memory.kib)
    : changed;
};

const withPinning = (domain: XmlElement, { pinning }: Vcpus): XmlElement => {
  if (pinning.kind !== "each" && child(domain, "cputune") === null) return domain;
  return withChild(domain, "cputune", DOMAIN, (old) => {
    const cputune = withoutNamed(old, "vcpupin");
    if (pinning.kind !== "each") return cputune;
    const pins = pinning.cpus.map((cpuset, vcpu) => element("vcpupin", { vcpu: String(vcpu), cpuset }));
    // In front of what the template tunes besides, and in order.
    return { ...cputune, children: [...pins, ...cputune.children] };
  });
};

const withVcpus = (domain: XmlElement, vcpus: Vcpus): XmlElement => {
  const { count, max, pinning } = vcpus;
  const changed = withChild(domain, "vcpu", DOMAIN, (old) =>
    withText(
      withAttributes(withoutAttributes(old, "current", "cpuset"), {
        ...(pinning.kind === "all" ? { cpuset: pinning.cpus } : {}),
        ...(count === max ? {} : { current: String(count) }),
      }),
      String(max),
    ),
  );
  // A list of single vCPUs would contradict the new count.
  return withPinning(withoutNamed(changed, "vcpus"), vcpus);
};

/** Model and features, whole; what else the template has in `<cpu>`, such as `<numa>`, stays. */
const withModel = (domain: XmlElement, { model, features }: Cpu, arch: Profile["arch"]): XmlElement =>
  withChild(domain, "cpu", DOMAIN, (old) => {
    const bare = withoutNamed(
      withoutAttributes(old, "mode", "match", "check", "migratable"),
      "model",
      "vendor",
      "feature",
    );
    const cpu =
      model.kind === "named"
        ? withChild(
            withAttributes(bare, { mode: "custom", match: "exact", check: "partial" }),
            "model",
            CPU,
            (name) => withText(withAttributes(name, { fallback: "forbid" }), model.name),
          )
        : withAttributes(bare, {
            mode: model.mode,
            // Only the model that is not filtered can be checked for nothing, and be kept from what cannot migrate.
            ...(model.mode === "host-passthrough"
              ? { check: "none", ...(arch === "aarch64" ? {} : { migratable: "on" }) }
              : {}),
          });
    return features.reduce(
      (all, { name, policy }) => appended(all, element("feature", { policy, name })),
      cpu,
    );
  });

const withTopology = (domain: XmlElement, { sockets, cores, threads }: Topology): XmlElement =>
  withChild(domain, "cpu", DOMAIN, (cpu) => {
    const wanted = { sockets: String(sockets), cores: String(cores), threads: String(threads) };
    const old = child(cpu, "topology");
    if (old !== null && Object.entries(wanted).every(([key, value]) => attribute(old, key) === value))
      return cpu;
    return withChild(withoutNamed(cpu, "topology"), "topology", CPU, (one) => withAttributes(one, wanted));
  });

/** Sets the vCPUs and their model, if the profile has them. */
export const withProcessor = (domain: XmlElement, profile: Profile): XmlElement => {
  const { vcpus, cpu } = profile;
  const counted = vcpus === null ? domain : withVcpus(domain, vcpus);
  const hasHostModel = attribute(child(counted, "cpu"), "mode")?.startsWith("host-") === true;
  // Without KVM there is no host processor to pass through; `maximum` is all that QEMU can emulate.
  const emulated: Cpu = { model: { kind: "mode", mode: "maximum" }, features: [] };
  const model = cpu ?? (profile.virtType === "qemu" && hasHostModel ? emulated : null);
  const modelled = model === null ? counted : withModel(counted, model, profile.arch);
  return vcpus === null ? modelled : withTopology(modelled, vcpus.topology);
};

/** Disks of the template that the profile does not name must not refer to removed threads. */
const withThreadsUpTo = (devices: XmlElement, count: number): XmlElement => ({
  ...devices,
  children: devices.children.map((device) => {
    if (device.kind !== "element" || device.namespace !== null) return device;
    const driver = child(device, "driver");
    return driver !== null && Number(attribute(driver, "iothread") ?? 0) > count
      ? withChild(device, "driver", [], (old) => withoutAttributes(old, "iothread"))
      : device;
  }),
});

/** Sets the threads that serve disks, numbered from 1: the profile's number, else the template's or the disks'. */
export const withIothreads = (
  domain: XmlElement,
  { iothreads, disks }: Profile,
): { readonly domain: XmlElement; readonly count: number } => {
  const there = Number(textOf(child(domain, "iothreads")).trim());
  const wanted = disks.some(({ bus }) => bus === "virtio" || bus === "scsi") ? 1 : 0;
  const count = iothreads ?? Math.max(there, wanted);
  if (count === there) return { domain, count };
  const bare = withoutNamed(domain, "iothreads", "iothreadids");
  const counted =
    count === 0 ? bare : withChild(bare, "iothreads", DOMAIN, (old) => withText(old, String(count)));
  return { domain: withChild(counted, "devices", DOMAIN, (old) => withThreadsUpTo(old, count)), count };
};
