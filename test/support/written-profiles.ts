import fc, { type Arbitrary } from "fast-check";
import { guestNames, vidNumbers } from "./arbitrary.ts";

/** Profiles as people write them, good ones only. What two NICs must not share (addresses, networks) is numbered. */

const optional = <T>(key: string, value: Arbitrary<T>): Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [key]: given }));

const merged = (...parts: readonly Arbitrary<object>[]): Arbitrary<object> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);

const anyNic = merged(
  optional("antispoof", fc.boolean()),
  optional("mtu", fc.integer({ min: 1280, max: 9000 })),
  optional("model", fc.constantFrom("virtio", "e1000e")),
);

const accessNic = merged(
  vidNumbers.map((vlan) => ({ type: "bridge", vlan })),
  optional("isolated", fc.boolean()),
  optional("guarded", fc.constantFrom("ipv4", "ipv6", "both")),
  optional("shared", fc.boolean()),
  optional("services", fc.subarray(["router", "dhcp"], { minLength: 1 })),
  optional("more", fc.subarray(["nested", "virtual"], { minLength: 1 })),
  anyNic,
);

/** Ranges that do not overlap, as numbers where they are one VLAN; the native one is none of them. */
const trunkNic = merged(
  fc
    .tuple(fc.uniqueArray(vidNumbers, { minLength: 1, maxLength: 12 }), fc.boolean(), fc.boolean())
    .map(([vids, native, paired]) => {
      const [first = 1, ...rest] = vids;
      const tagged = rest.length === 0 || !native ? vids : rest;
      const order = [...tagged].sort((a, b) => a - b);
      // Every second one in order and its neighbour can be the ends of a range, unless the native VLAN is inside.
      const trunk = order.flatMap((vid, i): readonly (number | string)[] => {
        const last = order[i % 2 === 0 ? i + 1 : i - 1] ?? vid;
        const inside = native && first > Math.min(vid, last) && first < Math.max(vid, last);
        if (!paired || inside || Math.abs(last - vid) > 100) return [vid];
        return i % 2 !== 0 ? [] : vid === last ? [vid] : [`${vid}-${last}`];
      });
      return { type: "bridge", trunk, ...(tagged === rest ? { native: first } : {}) };
    }),
  optional("isolated", fc.boolean()),
  optional("tagged", fc.constantFrom("static", "dhcp", "slaac", "none")),
  optional("guarded", fc.constantFrom("ipv4", "ipv6", "both")),
  optional("shared", fc.boolean()),
  optional("services", fc.subarray(["router", "dhcp"], { minLength: 1 })),
  optional("more", fc.subarray(["nested", "virtual"], { minLength: 1 })),
  anyNic,
);

const routedNic = merged(
  fc
    .record({
      ipv4: fc.integer({ min: 0, max: 3 }),
      ipv6: fc.integer({ min: 0, max: 3 }),
      networks: fc.integer({ min: 0, max: 2 }),
      gateway: fc.boolean(),
    })
    .map((shape) => ({ type: "routed", shape })),
  fc.constantFrom({}, { reach: "uplink-only" }, { vrf: "red" }, { table: 100, reach: "any" }),
  optional("metric", fc.constantFrom(1, 1024, 4_294_967_295)),
  fc.constantFrom({}, { anycast: true }, { anycast: false, proxy: ["br0"] }, { proxy: ["br0", "br1"] }),
  anyNic,
);

interface Shape {
  readonly ipv4: number;
  readonly ipv6: number;
  readonly networks: number;
  readonly gateway: boolean;
}

/** Addresses and networks that no other NIC has. */
const numbered = (shape: Shape, nic: number): object => {
  const list = (length: number, item: (i: number) => string) => Array.from({ length }, (_, i) => item(i));
  const ipv4 = list(shape.ipv4, (i) => `192.0.2.${8 * nic + i}`);
  const ipv6 = list(shape.ipv6, (i) => `2001:db8:0:${nic}::${i + 1}`);
  const addresses = ipv4.length + ipv6.length === 0 ? [`2001:db8:0:${nic}::1`] : [...ipv6, ...ipv4];
  const networks = [
    ...list(ipv4.length > 0 ? shape.networks : 0, (i) => `198.51.${nic}.${16 * i}/28`),
    ...list(addresses.length > ipv4.length ? shape.networks : 0, (i) => `2001:db8:${nic + 1}:${i}::/64`),
  ];
  return {
    addresses,
    ...(networks.length > 0 ? { prefixes: networks } : {}),
    ...(shape.gateway && ipv4.length > 0 ? { gateway: `203.0.113.${nic + 1}` } : {}),
  };
};

/** What the guest has in the first tagged VLAN of a trunk. */
const inVlan = (nic: number, tagged: string, trunk: readonly (number | string)[]): object => {
  const vid = String(trunk[0]).split("-")[0] ?? "";
  const own = {
    static: [`10.2.${String(nic)}.5/24`, `2001:db8:2:${String(nic)}::5/64`],
    none: [],
  }[tagged];
  return { vlanAddresses: { [vid]: { addresses: own ?? tagged } } };
};

const sharedAt = (nic: number): object => ({
  sharedAddresses: [{ address: `10.1.${String(nic)}.9`, guests: ["lb1", "lb-2"] }],
});

/** MAC addresses beside the NIC's own: one that no other NIC has, and one of a virtual router. */
const macsAt = (nic: number, more: readonly string[]): object => ({
  macs: more.map((one) => (one === "nested" ? `52:54:00:bb:00:${String(10 + nic)}` : "00:00:5e:00:01:0a")),
});

interface Written {
  readonly shape?: Shape;
  readonly guarded?: string;
  readonly tagged?: string;
  readonly shared?: boolean;
  readonly more?: readonly string[];
  readonly antispoof?: boolean;
  readonly type?: string;
}

const placed = (written: object, nic: number): object => {
  const { shape, guarded, tagged, shared, more, ...rest } = written as Written;
  const own = [`10.1.${String(nic)}.5/24`, `2001:db8:1:${String(nic)}::5/64`];
  const addresses = own.filter((_, family) => guarded === "both" || guarded === ["ipv4", "ipv6"][family]);
  return shape === undefined
    ? {
        bridge: nic % 2 === 0 ? "br0" : "br1",
        ...rest,
        ...(rest.type === "hostdev" ? { source: `0000:07:10.${String(nic)}` } : {}),
        ...(more === undefined || rest.antispoof === false ? {} : macsAt(nic, more)),
        // A trunk without native has no untagged frames, and so no addresses.
        ...(addresses.length === 0 || ("trunk" in rest && !("native" in rest)) ? {} : { addresses }),
        ...(shared !== true || ("trunk" in rest && !("native" in rest)) ? {} : sharedAt(nic)),
        ...(tagged === undefined || !("trunk" in rest) ? {} : inVlan(nic, tagged, rest.trunk as string[])),
      }
    : { ...rest, ...numbered(shape, nic) };
};

/** Those that the hook has nothing to do with. A PCI address belongs to one NIC of a guest, as its place does. */
const libvirtNic = merged(
  fc.oneof(
    fc.constant({ type: "bridge", filtering: false, bridge: "plain20" }),
    fc.constant({ type: "network", network: "default", bridge: undefined }),
    fc.constant({ type: "network", network: "lan", portgroup: "servers", bridge: undefined }),
    vidNumbers.map((vlan) => ({ type: "ovs", vlan })),
    vidNumbers.map((vid) => ({ type: "ovs", trunk: [vid], native: vid === 5 ? 6 : 5 })),
    fc
      .constantFrom("bridge", "vepa", "private", "passthrough")
      .map((mode) => ({ type: "macvtap", source: "enp3s0", mode, bridge: undefined })),
    vidNumbers.map((vlan) => ({
      ...{ type: "macvtap", source: "enp7s0v0", mode: "passthrough" },
      ...{ bridge: undefined, vlan },
    })),
    fc.option(vidNumbers, { nil: undefined }).map((vlan) => ({
      type: "hostdev",
      source: "0000:07:10.0",
      bridge: undefined,
      ...(vlan === undefined ? {} : { vlan }),
    })),
  ),
);

const kinds = { bridge: fc.oneof(accessNic, trunkNic), routed: routedNic, libvirt: libvirtNic } as const;
type Kind = keyof typeof kinds;
const anyKinds = fc.array(fc.constantFrom<Kind>("bridge", "routed", "libvirt"), { maxLength: 5 });

const interfacesOf = (of: readonly Kind[]): Arbitrary<readonly object[]> =>
  fc.tuple(...of.map((kind) => kinds[kind])).map((nics) => nics.map(placed));

const guestOf = (name: string, vcpus: number, interfaces: readonly object[]): object => ({
  name,
  memory: "1 GiB",
  vcpus,
  interfaces,
});
const vcpus = fc.integer({ min: 1, max: 3 });

export const writtenProfiles: Arbitrary<object> = fc
  .tuple(guestNames, vcpus, anyKinds.chain(interfacesOf))
  .map(([name, cpus, interfaces]) => guestOf(name, cpus, interfaces));

/** One guest, twice: what differs is only what its NICs are attached to, never whether a bridge makes their taps. */
export const rewrittenProfiles = (
  of: Arbitrary<readonly Kind[]> = anyKinds,
): Arbitrary<readonly [object, object]> =>
  fc
    .tuple(
      guestNames,
      vcpus,
      of.chain((kind) => fc.tuple(interfacesOf(kind), interfacesOf(kind))),
    )
    .map(([name, cpus, [a, b]]) => [guestOf(name, cpus, a), guestOf(name, cpus, b)] as const);

export const onlyBridges: Arbitrary<readonly Kind[]> = fc.array(fc.constant<Kind>("bridge"), {
  minLength: 1,
  maxLength: 3,
});
export const onlyRouted: Arbitrary<readonly Kind[]> = fc.array(fc.constant<Kind>("routed"), {
  minLength: 1,
  maxLength: 3,
});
