import type { XmlElement } from "../../xml/render-element.ts";
import type { Cpu, Topology, Vcpus } from "../../guest/hardware.ts";
import type { Profile } from "../../guest/profile.ts";
import { CPU, DOMAIN } from "./render-order.ts";
import { attributeOf, childOf, childrenOf, drop, dropAll, place, setText, textOf } from "./render-tree.ts";

const renderPinning = (domain: XmlElement, { pinning }: Vcpus): void => {
  const old = childOf(domain, "cputune");
  if (old !== null) dropAll(old, "vcpupin");
  if (pinning.kind !== "each") return;
  const cputune = place(domain, "cputune", DOMAIN);
  const first = cputune.children[0];
  pinning.cpus.forEach((cpuset, vcpu) => {
    const pin = cputune.ele("vcpupin", { vcpu: String(vcpu), cpuset });
    // In front of what the template tunes besides, and in order.
    if (first !== undefined) cputune.insert(pin, first);
  });
};

const renderVcpus = (domain: XmlElement, vcpus: Vcpus): void => {
  const element = place(domain, "vcpu", DOMAIN);
  const { count, max, pinning } = vcpus;
  for (const name of ["current", "cpuset"]) element.attributes.delete(name);
  if (pinning.kind === "all") element.att({ cpuset: pinning.cpus });
  if (count !== max) element.att({ current: String(count) });
  setText(element, String(max));
  // A list of single vCPUs would contradict the new count.
  dropAll(domain, "vcpus");
  renderPinning(domain, vcpus);
};

/** Model and features, whole; what else the template has in `<cpu>`, such as `<numa>`, stays. */
const renderModel = (domain: XmlElement, { model, features }: Cpu): void => {
  const cpu = place(domain, "cpu", DOMAIN);
  for (const name of ["mode", "match", "check", "migratable"]) cpu.attributes.delete(name);
  dropAll(cpu, "model", "vendor", "feature");
  switch (model.kind) {
    case "mode":
      cpu.att({ mode: model.mode });
      // Only the model that is not filtered can be checked for nothing, and be kept from what cannot migrate.
      if (model.mode === "host-passthrough") cpu.att({ check: "none" }).att({ migratable: "on" });
      break;
    case "named":
      cpu.att({ mode: "custom", match: "exact", check: "partial" });
      place(cpu, "model", CPU).att({ fallback: "forbid" }).txt(model.name);
      break;
  }
  for (const { name, policy } of features) cpu.ele("feature", { policy, name });
};

const renderTopology = (domain: XmlElement, { sockets, cores, threads }: Topology): void => {
  const cpu = place(domain, "cpu", DOMAIN);
  const wanted = { sockets: String(sockets), cores: String(cores), threads: String(threads) };
  const old = childOf(cpu, "topology");
  const same =
    old !== null && Object.entries(wanted).every(([key, value]) => attributeOf(old, key) === value);
  if (same) return;
  if (old !== null) drop(old);
  place(cpu, "topology", CPU).att(wanted);
};

/** The vCPUs and what they are like, as far as the profile says. */
export const renderProcessor = (domain: XmlElement, profile: Profile): void => {
  if (profile.vcpus !== null) renderVcpus(domain, profile.vcpus);
  if (profile.cpu !== null) renderModel(domain, profile.cpu);
  // Without KVM there is no host processor to pass through; `maximum` is all that QEMU can emulate.
  else if (
    profile.virtType === "qemu" &&
    attributeOf(childOf(domain, "cpu"), "mode")?.startsWith("host-") === true
  )
    renderModel(domain, { model: { kind: "mode", mode: "maximum" }, features: [] });
  if (profile.vcpus !== null) renderTopology(domain, profile.vcpus.topology);
};

/** @returns how many iothreads the disks can use; they are numbered from 1 */
export const renderIothreads = (domain: XmlElement, { iothreads, disks }: Profile): number => {
  const old = childOf(domain, "iothreads");
  const there = old === null ? 0 : Number(textOf(old));
  const wanted = disks.some(({ bus }) => bus === "virtio" || bus === "scsi") ? 1 : 0;
  const count = iothreads ?? Math.max(there, wanted);
  if (count === there) return there;
  dropAll(domain, "iothreads", "iothreadids");
  if (count > 0) setText(place(domain, "iothreads", DOMAIN), String(count));
  // Disks of the template that the profile does not name may not point at threads that are gone.
  for (const device of childrenOf(place(domain, "devices", DOMAIN))) {
    const driver = childOf(device, "driver");
    if (Number(attributeOf(driver, "iothread") ?? 0) > count) driver?.attributes.delete("iothread");
  }
  return count;
};
