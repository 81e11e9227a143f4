import type { Unmet } from "../../kernel/facts/demand.ts";
import type { Family } from "../../values/address.ts";
import type { LiveDomain } from "../../guest/nic.ts";
import type { HostReadings, VersionReading } from "../host-readings.ts";

/** A host's own address in a VLAN of a bridge: a gateway of guests there, perhaps. */
export interface VlanAddress {
  readonly bridge: string;
  readonly vlan: number;
  readonly addresses: readonly string[];
}

/** Readings of both hosts, for comparison. */
export interface PeerSide {
  readonly hook: { readonly file: string; readonly version: string } | null;
  readonly libvirt: VersionReading;
  readonly qemu: VersionReading;
  /** Families that it has a default route of. */
  readonly defaults: ReadonlySet<Family>;
  /** Routing daemons that run. */
  readonly daemons: readonly string[];
  /** Devices with their MTUs. */
  readonly mtus: ReadonlyMap<string, number>;
  readonly vlanAddresses: readonly VlanAddress[];
}

/** Reading of how an incoming guest would find the other host. */
export interface PeerReception {
  readonly domain: LiveDomain;
  /** Why the hook there would refuse it. */
  readonly refused: readonly Unmet[];
  /** VLANs that uplinks there do not carry, which only the administrator adds. */
  readonly missing: readonly { readonly uplink: string; readonly vid: number }[];
}

/** Whether a host can run what guests need of its hardware. */
export type HardwareVerdict =
  | { readonly kind: "fits" }
  | { readonly kind: "lacks"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** Features of QEMU that guests need, and whether it has them. */
export interface HostHardware {
  readonly guests: readonly string[];
  /** `machine pc-q35-7.2`, `CPU`. */
  readonly what: string;
  readonly verdict: HardwareVerdict;
}

/** Readings of the migration target and of this host. */
export interface PeerReadings {
  readonly peer: string;
  readonly here: PeerSide;
  readonly there: PeerSide & Pick<HostReadings, "kernel" | "versions" | "selfTest">;
  /** The error of libvirt's connection to its URI, which a migration uses; null on success. */
  readonly unreachable: string | null;
  readonly receptions: readonly PeerReception[];
  readonly hardware: readonly HostHardware[];
  /** All guests that are defined there. */
  readonly known: readonly { readonly name: string; readonly uuid: string; readonly running: boolean }[];
  /** Conflicts between guests that are to move and guests that run there. */
  readonly conflicts: readonly string[];
}
