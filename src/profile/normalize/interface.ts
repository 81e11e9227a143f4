import { hostLength } from "../../values/address.ts";
import type { GuestSide, ProfileNic, Rate } from "../../guest/profile.ts";
import { deriveMac, deriveTap } from "./derive.ts";
import { type NicContext, normalizeAttachment } from "./attachment.ts";
import type { WrittenInterface } from "../schema/interface.ts";

// More queues than vCPUs are never served at the same time, and beyond eight they cost more than they bring.
const defaultQueues = (vcpus: number): number => Math.min(vcpus, 8);

type WrittenRate = NonNullable<
  NonNullable<Extract<WrittenInterface, { type: "bridge" }>["bandwidth"]>["inbound"]
>;
const toRate = (rate: WrittenRate | undefined): Rate | null =>
  rate === undefined ? null : { average: rate.average, peak: rate.peak ?? null, burst: rate.burst ?? null };

/** Behind a routed tap nothing is on link, not even the gateway. */
const toGuestSide = (nic: WrittenInterface, attachment: ProfileNic["attachment"]): GuestSide => {
  if (attachment.kind === "routed") {
    const addresses = attachment.addresses.map((address) => ({ address, length: hostLength(address) }));
    return { addresses, gateways: attachment.gateways };
  }
  // A routed NIC's have no length, and it was above.
  const addresses = nic.type === "routed" ? [] : (nic.addresses ?? []);
  return { addresses, gateways: [nic.gateway ?? []].flat() };
};

/** Completes NIC number `index` of a guest. */
export const normalizeInterface = (nic: WrittenInterface, context: NicContext): ProfileNic => {
  const { name, vcpus, index } = context;
  const any = { mac: nic.mac ?? deriveMac(name, index), bootOrder: nic.bootOrder ?? null };
  if (nic.type === "hostdev") {
    const { source, vlan = null, managed = true } = nic;
    const attachment = { kind: "hostdev", source, vlan, managed } as const;
    return { ...any, inside: toGuestSide(nic, attachment), attachment };
  }
  const model = nic.model ?? "virtio";
  const attachment = normalizeAttachment(nic, context);
  return {
    ...any,
    tap: nic.tap ?? deriveTap(name, index),
    queues: model === "virtio" ? (nic.queues ?? defaultQueues(vcpus)) : 1,
    mtu: "mtu" in nic ? (nic.mtu ?? null) : null,
    model,
    link: nic.link ?? "up",
    bandwidth: { inbound: toRate(nic.bandwidth?.inbound), outbound: toRate(nic.bandwidth?.outbound) },
    inside: toGuestSide(nic, attachment),
    attachment,
  };
};
