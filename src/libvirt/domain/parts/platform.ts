import type { HypervFeature, Numa } from "../../../guest/platform.ts";
import type { Profile } from "../../../guest/profile.ts";
import { appended, withAttributes, withChild, without } from "../../../xml/edit.ts";
import { attribute, child, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { BACKING, CPU, DOMAIN, FEATURES } from "./element-order.ts";
import { withWhole } from "./merge-device.ts";

const feature = (name: HypervFeature): XmlElement =>
  // How often a vCPU tries before it tells the hypervisor: what Microsoft and libosinfo set.
  element(name, { state: "on", ...(name === "spinlocks" ? { retries: "8191" } : {}) });

const isClock = (timer: XmlElement): boolean => attribute(timer, "name") === "hypervclock";

/** Sets the interfaces of Hyper-V, and with them Windows' own clock source (libvirt: formatdomain, "Hypervisor features"). */
export const withHyperv = (domain: XmlElement, { hyperv }: Profile): XmlElement => {
  if (hyperv === null) return domain;
  const features = hyperv.length === 0 ? null : element("hyperv", { mode: "custom" }, hyperv.map(feature));
  const featured = withChild(domain, "features", DOMAIN, (old) =>
    withWhole(old, "hyperv", features, FEATURES),
  );
  return withChild(featured, "clock", DOMAIN, (clock) => {
    const timers = childrenOf(clock, "timer").filter(isClock);
    if (hyperv.length === 0) return without(clock, ...timers);
    return timers.some((timer) => attribute(timer, "present") !== "no")
      ? clock
      : appended(without(clock, ...timers), element("timer", { name: "hypervclock", present: "yes" }));
  });
};

const pages = (hugepages: NonNullable<Profile["hugepages"]>): XmlElement | null => {
  if (hugepages.kind === "off") return null;
  const sizes =
    hugepages.kind === "size" ? [element("page", { size: String(hugepages.kib), unit: "KiB" })] : [];
  return element("hugepages", {}, sizes);
};

/** virtiofsd requires that it may read the guest's memory (https://libvirt.org/kbase/virtiofs.html). */
const shared = (old: XmlElement): XmlElement => {
  const isBacked = child(old, "source") !== null || child(old, "hugepages") !== null;
  const backed = isBacked ? old : withWhole(old, "source", element("source", { type: "memfd" }), BACKING);
  return withChild(backed, "access", BACKING, (access) => withAttributes(access, { mode: "shared" }));
};

/** Sets which pages of the host the memory is in, and whether others may read it. */
export const withMemoryBacking = (domain: XmlElement, { hugepages, filesystems }: Profile): XmlElement => {
  if (hugepages === null && filesystems.length === 0) return domain;
  const backed = withChild(domain, "memoryBacking", DOMAIN, (old) => {
    const paged = hugepages === null ? old : withWhole(old, "hugepages", pages(hugepages), BACKING);
    return filesystems.length === 0 ? paged : shared(paged);
  });
  const backing = child(backed, "memoryBacking");
  return backing?.children.length === 0 ? without(backed, backing) : backed;
};

/** The host's nodes for the memory of the guest and of its cells; null for none. */
const numatune = ({ nodes, mode, cells }: Numa): XmlElement | null => {
  const memory = [
    ...(nodes === null ? [] : [element("memory", { mode, nodeset: nodes })]),
    ...cells.flatMap((cell, id) =>
      cell.nodes === null ? [] : [element("memnode", { cellid: String(id), mode, nodeset: cell.nodes })],
    ),
  ];
  return memory.length === 0 ? null : element("numatune", {}, memory);
};

/** The guest's NUMA nodes in `<cpu>`, and the host's in `<numatune>`. */
export const withNuma = (domain: XmlElement, { numa }: Profile): XmlElement => {
  if (numa === null) return domain;
  const cells = numa.cells.map(({ cpus, kib }, id) =>
    element("cell", { id: String(id), cpus, memory: String(kib), unit: "KiB" }),
  );
  const seen =
    cells.length === 0
      ? domain
      : withChild(domain, "cpu", DOMAIN, (cpu) => withWhole(cpu, "numa", element("numa", {}, cells), CPU));
  return withWhole(seen, "numatune", numatune(numa), DOMAIN);
};
