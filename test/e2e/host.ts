import { expect } from "@jest/globals";
import type { Libvirt, Machine } from "../lab/lab.ts";

/** Defines a guest and starts it, as an administrator would; fails with what virsh said. */
export const launch = async (libvirt: Libvirt, name: string, xml: string): Promise<void> => {
  expect(await libvirt.define(xml)).toMatchObject({ code: 0 });
  expect(await libvirt.virsh("start", name)).toMatchObject({ code: 0, stderr: "" });
};

/**
 * Everything of the host's network that a guest could leave behind, as text (not what the bridges and the uplink `up0` learn
 * for themselves): devices, VLANs, static forwarding entries,
 * addresses, routes and neighbours of all tables, what is answered for, and the rules but for the static table of routed guests.
 */
export const network = (host: Machine): Promise<string> =>
  host.sh(`
    ip -br link | awk '{ print $1 }' | sort
    bridge vlan show | awk 'NR > 1 { if (/^[^ \\t]/) port = $1; else $0 = port " " $0; $1 = $1; print }' | sort
    bridge fdb show | grep -E 'static|permanent' | grep -v ^33:33 | sort
    ip -br address | awk '$1 != "br0" && $1 != "br1"' | sort
    ip route show table all | grep -v 'dev br' | sort
    ip neigh show | grep -v 'dev up0' | sort
    ip neigh show proxy | sort
    nft list ruleset | sed '/^table inet guestnet {/,/^}/d'
  `);

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
