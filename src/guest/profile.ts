import type { Address } from "../values/address.ts";
import { type Attachment, portOf } from "./attachment.ts";
import type { Disk } from "./disk.ts";
import type { GuestSide } from "./guest-side.ts";
import type { Hardware, HostDevice } from "./hardware.ts";
import type { HostdevAttachment, TapAttachment } from "./libvirt-attachment.ts";
import type { PciAddress } from "../values/pci.ts";
import type { Vid } from "../values/vid.ts";
import type { Platform } from "./platform.ts";
import type { Mac } from "../values/mac.ts";
import type { GuestName, IfName, Uuid } from "../values/names.ts";

/** Data for a guest's first boot, in addition to its addresses. */
export interface CloudInit {
  /** cloud-init runs its first-boot part again for another one. */
  readonly instanceId: string;
  readonly hostname: string;
  /** The path of the user-data as written: relative to the profile. */
  readonly userData: string | null;
  readonly dns: { readonly servers: readonly Address[]; readonly search: readonly string[] };
}

/** A guest, complete: what is null here is left to the template, and nothing else has to be asked for. */
export interface Profile extends Hardware, Platform {
  readonly name: GuestName;
  readonly uuid: Uuid;
  /** A derived UUID gives way to the one of a template that is this very guest. */
  readonly uuidFrom: "profile" | "name";
  readonly title: string | null;
  readonly description: string | null;
  /** `kvm`, or `qemu` for emulation without KVM. */
  readonly virtType: "kvm" | "qemu" | null;
  /** Path of the user's domain XML, relative to the profile; null is the built-in template. */
  readonly template: string | null;
  readonly disks: readonly Disk[];
  readonly hostDevices: readonly HostDevice[];
  readonly interfaces: readonly ProfileNic[];
  readonly cloudInit: CloudInit;
}

/** A limit as libvirt's `<bandwidth>` has it: KiB in a second, and KiB in a burst. */
export interface Rate {
  readonly average: number;
  readonly peak: number | null;
  readonly burst: number | null;
}

interface AnyNic {
  readonly mac: Mac;
  readonly inside: GuestSide;
  /** Its place among the devices that the firmware tries. */
  readonly bootOrder: number | null;
}

/**
 * A function of a network card with the NIC's MAC address. The guest sends by it while it has it, and by the NIC while libvirt has taken
 * it away for a migration (`<teaming>`; net_failover in the Linux guest).
 */
export interface Failover extends Pick<HostdevAttachment, "managed"> {
  readonly source: PciAddress;
  readonly vlan: Vid | null;
}

/** A NIC that QEMU emulates, with a device on the host behind it. */
export interface EmulatedNic extends AnyNic {
  readonly tap: IfName;
  readonly queues: number;
  readonly mtu: number | null;
  readonly model: string;
  /** Whether the link is up when the guest starts. */
  readonly link: "up" | "down";
  /** Limits as the guest sees the directions; null for none. */
  readonly bandwidth: { readonly inbound: Rate | null; readonly outbound: Rate | null };
  readonly failover: Failover | null;
  readonly attachment: Attachment | TapAttachment;
}

/** A function of a network card that the guest drives itself: nothing of it is emulated. */
export interface PassedNic extends AnyNic {
  readonly attachment: HostdevAttachment;
}

/** A NIC with what only the guest's side of it needs. */
export type ProfileNic = EmulatedNic | PassedNic;

/** Returns the MAC addresses that a NIC may use beside its own. */
export const moreMacsOf = ({ attachment }: ProfileNic): readonly Mac[] =>
  portOf(attachment)?.policy.macs ?? [];

export const isPassed = (nic: ProfileNic): nic is PassedNic => nic.attachment.kind === "hostdev";
