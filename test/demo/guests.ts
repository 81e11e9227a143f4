import { bootable } from "../e2e/stage/guest/generate.ts";
import type { Libvirt } from "../lab/lab.ts";
import { virsh } from "./stage.ts";

/** A guest of the demonstration: its one NIC as the profile has it, and what its system does at boot. */
export interface DemoGuest {
  readonly name: string;
  readonly nic: object;
  readonly boot: string;
}

/** The profile as a person writes it; what the lab adds (a kernel, less memory, no KVM) is left out of the picture. */
const written = ({ name, nic }: DemoGuest): string => `{
  "name": "${name}",
  "memory": "1 GiB",
  "interfaces": [${JSON.stringify(nic)
    .replaceAll(/(?<="):|,(?=")|\{/g, "$& ")
    .replaceAll("}", " }")}]
}`;

/** From profile to running guest, as an administrator types it. */
export const start = async (libvirt: Libvirt, guest: DemoGuest): Promise<void> => {
  process.stdout.write(`host# cat ${guest.name}.json\n${written(guest).replaceAll(/^/gm, "  ")}\n`);
  process.stdout.write(
    `host# genxml ${guest.name}.json > ${guest.name}.xml; virsh define ${guest.name}.xml\n`,
  );
  const defined = await libvirt.define(bootable(guest.name, [guest.nic], guest.boot));
  if (defined.code !== 0) throw new Error(defined.stderr);
  await virsh(libvirt, "start", guest.name);
};
