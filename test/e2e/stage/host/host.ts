import { expect } from "@jest/globals";
import type { Libvirt, Machine } from "../../../lab/lab.ts";

/** Defines a guest and starts it, as an administrator would; fails with what virsh said. */
export const launch = async (libvirt: Libvirt, name: string, xml: string): Promise<void> => {
  expect(await libvirt.define(xml)).toMatchObject({ code: 0 });
  expect(await libvirt.virsh("start", name)).toMatchObject({ code: 0, stderr: "" });
};

/** The VLANs of each port of the host, as the kernel has them: `20 PVID Egress Untagged`. */
export const vlans = async (host: Machine, port: string): Promise<readonly string[]> => {
  const shown = JSON.parse(await host.sh(`bridge -json vlan show dev ${port}`)) as {
    readonly vlans?: readonly {
      readonly vlan: number;
      readonly vlanEnd?: number;
      readonly flags?: readonly string[];
    }[];
  }[];
  return (shown[0]?.vlans ?? []).map(({ vlan, vlanEnd, flags = [] }) =>
    [vlanEnd === undefined ? String(vlan) : `${String(vlan)}-${String(vlanEnd)}`, ...flags].join(" "),
  );
};

/** The process IDs of all QEMUs of a machine. */
export const qemus = async (host: Machine): Promise<readonly string[]> =>
  (
    await host.sh(
      "for p in /proc/[0-9]*; do case $(readlink $p/exe) in *qemu-system*) echo ${p#/proc/};; esac; done",
    )
  )
    .split("\n")
    .filter((pid) => pid !== "")
    .sort();
