import type { HardwareVerdict, HostHardware } from "../../../../doctor/peer/peer-readings.ts";
import { saidBy, type Virsh } from "../../../../run/virsh.ts";
import { parseXml } from "../../../../xml/parse.ts";
import { attribute, child, textOf } from "../../../../xml/tree.ts";
import type { Run } from "../../../../kernel/host.ts";
import type { OpenHost } from "../../hosts/open-host.ts";
import { judgeCpu } from "./judge-cpu.ts";

/** A running guest as libvirt shows it. */
export interface GuestXml {
  readonly name: string;
  readonly xml: string;
}

/** The QEMU of a guest: options that several commands of virsh share. */
interface Emulation {
  readonly machine: string;
  readonly options: readonly string[];
  readonly emulator: readonly string[];
}

const emulationOf = ({ xml }: GuestXml): Emulation | null => {
  const domain = parseXml(xml);
  const type = child(child(domain, "os"), "type");
  const [virttype, arch, machine] = [
    attribute(domain, "type"),
    attribute(type, "arch"),
    attribute(type, "machine"),
  ];
  if (virttype === null || arch === null || machine === null) return null;
  const emulator = textOf(child(child(domain, "devices"), "emulator"));
  return {
    machine,
    options: ["--virttype", virttype, "--arch", arch, "--machine", machine],
    emulator: emulator === "" ? [] : [emulator],
  };
};

/** libvirt writes this XML itself, two blanks for each level. */
const cpuOf = ({ xml }: GuestXml): string | null =>
  /^ {2}<cpu (?:[^>]*\/>|[^]*?^ {2}<\/cpu>)$/m.exec(xml)?.[0] ?? null;

const grouped = (
  guests: readonly GuestXml[],
  key: (guest: GuestXml) => string | null,
): readonly (readonly [GuestXml, ...GuestXml[]])[] => {
  const groups = new Map<string, [GuestXml, ...GuestXml[]]>();
  for (const guest of guests) {
    const of = key(guest);
    if (of === null) continue;
    const group = groups.get(of);
    if (group === undefined) groups.set(of, [guest]);
    else group.push(guest);
  }
  return [...groups.values()];
};

const judgeMachine = async (virsh: Virsh, { options, emulator }: Emulation): Promise<HardwareVerdict> => {
  const bin = emulator.flatMap((file) => ["--emulatorbin", file]);
  const ran = await virsh("domcapabilities", ...options, ...bin);
  return ran.code === 0 ? { kind: "fits" } : { kind: "lacks", why: saidBy(ran) };
};

/** Asks the other libvirt for the machine types and CPUs of guests, each once however many have it. */
export const readHardware = async (
  guests: readonly GuestXml[],
  here: Run,
  peer: OpenHost,
): Promise<readonly HostHardware[]> => {
  const judge = async (
    group: readonly [GuestXml, ...GuestXml[]],
    what: (one: Emulation) => string,
    verdictOf: (one: Emulation) => Promise<HardwareVerdict>,
  ): Promise<readonly HostHardware[]> => {
    const emulation = emulationOf(group[0]);
    if (emulation === null) return [];
    return [
      { guests: group.map(({ name }) => name), what: what(emulation), verdict: await verdictOf(emulation) },
    ];
  };
  const kind = (guest: GuestXml): string => JSON.stringify(emulationOf(guest));
  const machines = grouped(guests, kind).map((group) =>
    judge(
      group,
      ({ machine }) => `machine ${machine}`,
      (one) => judgeMachine(peer.virsh, one),
    ),
  );
  const cpus = grouped(guests, (guest) => {
    const cpu = cpuOf(guest);
    return cpu === null ? null : kind(guest) + cpu;
  }).map((group) =>
    judge(
      group,
      () => "CPU",
      (one) => judgeCpu(cpuOf(group[0]) ?? "", one.options, here, peer),
    ),
  );
  return (await Promise.all([...machines, ...cpus])).flat();
};
