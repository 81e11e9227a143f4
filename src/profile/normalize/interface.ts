import type { EmulatedNic, Failover, ProfileNic, Rate } from "../../guest/profile.ts";
import { deriveMac, deriveTap } from "./derive.ts";
import { type NicContext, normalizeAttachment } from "./attachment.ts";
import { normalizeGuestSide } from "./guest-side.ts";
import type { WrittenInterface } from "../schema/interface.ts";
import { toCardVlan } from "./vlans.ts";

// More queues than vCPUs are never served at the same time, and beyond eight they cost more than they bring.
const defaultQueues = (vcpus: number): number => Math.min(vcpus, 8);

type WrittenRate = NonNullable<
  NonNullable<Extract<WrittenInterface, { type: "bridge" }>["bandwidth"]>["inbound"]
>;
const toRate = (rate: WrittenRate | undefined): Rate | null =>
  rate === undefined ? null : { average: rate.average, peak: rate.peak ?? null, burst: rate.burst ?? null };

/** An access port's function is in the same VLAN; behind a trunk the guest tags its frames itself. */
const toFailover = (
  nic: WrittenInterface,
  attachment: EmulatedNic["attachment"],
  { site }: NicContext,
): Failover | null => {
  if (!("failover" in nic) || nic.failover === undefined) return null;
  const { source, vlan, managed = true } = nic.failover;
  const own = attachment.kind === "access" ? attachment.vlan : null;
  return { source, vlan: vlan === undefined ? own : toCardVlan(vlan, site), managed };
};

/** Completes NIC number `index` of a guest. */
export const normalizeInterface = (nic: WrittenInterface, context: NicContext): ProfileNic => {
  const { name, vcpus, index, site } = context;
  const mac = nic.mac ?? deriveMac(name, index);
  const bootOrder = nic.bootOrder ?? null;
  if (nic.type === "hostdev") {
    const { source, vlan, managed = true } = nic;
    const set = vlan === undefined ? null : toCardVlan(vlan, site);
    const attachment = { kind: "hostdev", source, vlan: set, managed } as const;
    return { mac, bootOrder, inside: normalizeGuestSide(nic, site), attachment };
  }
  const model = nic.model ?? "virtio";
  const { attachment, inside } = normalizeAttachment(nic, context);
  return {
    mac,
    bootOrder,
    tap: nic.tap ?? deriveTap(name, index),
    queues: model === "virtio" ? (nic.queues ?? defaultQueues(vcpus)) : 1,
    mtu: "mtu" in nic ? (nic.mtu ?? null) : null,
    model,
    link: nic.link ?? "up",
    bandwidth: { inbound: toRate(nic.bandwidth?.inbound), outbound: toRate(nic.bandwidth?.outbound) },
    failover: toFailover(nic, attachment, context),
    inside,
    attachment,
  };
};
