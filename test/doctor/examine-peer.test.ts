import { expect, test } from "@jest/globals";
import { examinePeer } from "../../src/doctor/peer/examine-peer.ts";
import type { PeerReception, PeerReadings, PeerSide } from "../../src/doctor/peer/peer-readings.ts";
import { guestsText } from "../../src/doctor/peer/by-guest.ts";
import { termsOf, unequal } from "../docs/pages.ts";
import { domainOf, guest } from "../support/profiles.ts";

const version = (text: string) => ({ kind: "version", text }) as const;
const SIDE: PeerSide = {
  hook: { file: "/etc/libvirt/hooks/qemu", version: "1.2.3" },
  libvirt: version("9.0.0"),
  qemu: version("7.2.22"),
  defaults: new Set(["ipv4", "ipv6"]),
  daemons: ["bird"],
  mtus: new Map([
    ["br0", 1500],
    ["eth0", 1500],
  ]),
  vlanAddresses: [{ bridge: "br0", vlan: 20, addresses: ["192.0.2.1/24"] }],
};
const reception = (name: string, more: Partial<PeerReception> = {}): PeerReception => ({
  domain: domainOf({
    ...guest(
      { type: "bridge", bridge: "br0", vlan: 20 },
      { type: "routed", addresses: ["192.0.2.9", "2001:db8::9"] },
    ),
    name,
  }),
  refused: [],
  missing: [],
  ...more,
});
const THERE: PeerReadings["there"] = {
  ...SIDE,
  kernel: "6.1.0",
  versions: { iproute2: version("6.1.0"), nft: version("1.0.6"), libvirt: SIDE.libvirt },
  selfTest: { ok: true, said: "guestnet 1.2.3 on Node.js 20: ready" },
};
const PEER: PeerReadings = {
  ...{ peer: "h2", here: SIDE, there: THERE, unreachable: null, receptions: [reception("web1")] },
  hardware: [{ guests: ["web1"], what: "machine pc-q35-7.2", verdict: { kind: "fits" } }],
  ...{ known: [], conflicts: [] },
};
const UUID = reception("web1").domain.uuid;
const there = (more: Partial<PeerReadings["there"]>): Partial<PeerReadings> => ({
  there: { ...THERE, ...more },
});
const BRIDGE = {
  found: "bridge br0 does not exist",
  fix: 'create it with "ip link add br0 type bridge"',
};

test("where all is good, every finding is, and each part has one", () => {
  const findings = examinePeer(PEER);
  expect(findings.filter(({ kind }) => kind !== "ok")).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual([
    ...["guests to move", "kernel of h2", "iproute2 of h2", "nft of h2", "libvirt of h2", "QEMU of h2"],
    ...["machine pc-q35-7.2 on h2", "hook of h2", "network of h2"],
    ...["IPv4 default route of h2", "IPv6 default route of h2", "routing daemon of h2"],
  ]);
});

/** What the other host lacks, the fact that the doctor reports, and its fix. */
const ills: readonly [string, Partial<PeerReadings>, RegExp, RegExp][] = [
  [
    "no hook",
    there({ hook: null, selfTest: null }),
    /^error hook of h2: it is not installed$/,
    /^on h2: guestnet install$/,
  ],
  [
    "a hook that fails",
    there({ selfTest: { ok: false, said: "no node" } }),
    /^error hook of h2: \S+: no node$/,
    /guestnet install/,
  ],
  [
    "another version",
    there({ hook: { file: "/h", version: "1.0.0" } }),
    /^warning hook of h2: guestnet 1\.0\.0 there, 1\.2\.3 here$/,
    /update of guestnet/,
  ],
  [
    "no libvirt",
    there({ libvirt: { kind: "none", why: "no version" } }),
    /^error libvirt of h2: no version$/,
    /journalctl/,
  ],
  [
    "an older libvirt",
    there({ libvirt: version("8.10.0") }),
    /^warning libvirt of h2: 8\.10\.0 there, 9\.0\.0 here$/,
    /update h2/,
  ],
  [
    "an older QEMU",
    there({ qemu: version("7.2.9") }),
    /^warning QEMU of h2: 7\.2\.9 there, 7\.2\.22 here$/,
    /update h2/,
  ],
  ["an old kernel", there({ kernel: "5.10.0" }), /^warning kernel of h2: 5\.10\.0$/, /5\.18/],
  [
    "no way for libvirt",
    { unreachable: "no route" },
    /^error connection to libvirt on h2: no route$/,
    /virsh -c/,
  ],
  [
    "a machine type that is not there",
    { hardware: [{ guests: ["web1"], what: "machine x", verdict: { kind: "lacks", why: "not supported" } }] },
    /^error machine x on h2: not supported$/,
    /"machine" and "cpu"/,
  ],
  [
    "a CPU that nobody can compare",
    { hardware: [{ guests: ["web1"], what: "CPU", verdict: { kind: "unknown", why: "what?" } }] },
    /^warning CPU on h2: what\?$/,
    /lscpu/,
  ],
  [
    "a bridge that is not there",
    { receptions: [reception("web1", { refused: [BRIDGE] })] },
    /^error network of h2: bridge br0 does not exist$/,
    /^on h2: create it with "ip link add/,
  ],
  [
    "a VLAN that an uplink does not carry",
    { receptions: [reception("web1", { missing: [30, 31, 20].map((vid) => ({ uplink: "eth0", vid })) })] },
    /^warning uplink eth0 of h2: it does not carry VLAN 20,30-31$/,
    /^# on h2:\nbridge vlan add dev eth0 vid 20\nbridge vlan add dev eth0 vid 30-31$/,
  ],
  [
    "an uplink of another name",
    { receptions: [reception("web1", { missing: [{ uplink: "eth9", vid: 20 }] })] },
    /^warning uplink eth9 of h2: it does not exist$/,
    /the same names/,
  ],
  [
    "a smaller MTU",
    there({ mtus: new Map([["br0", 1400]]) }),
    /^warning MTU of br0 on h2: 1400 there, 1500 here$/,
    /mtu 1500/,
  ],
  [
    "a gateway that stays behind",
    there({ vlanAddresses: [] }),
    /^warning gateway in VLAN 20 on h2: this host has 192\.0\.2\.1\/24 in VLAN 20 of br0/,
    /same address/,
  ],
  [
    "no IPv6 default route",
    there({ defaults: new Set(["ipv4"]) }),
    /^warning IPv6 default route of h2: missing/,
    /default route/,
  ],
  [
    "no routing daemon",
    there({ daemons: [] }),
    /^warning routing daemon of h2: none runs there, and bird runs here$/,
    /templates\/bird/,
  ],
  [
    "a routing daemon there only",
    { here: { ...SIDE, daemons: [] } },
    /^warning routing daemon of h2: none runs here, and bird runs there$/,
    /templates/,
  ],
  [
    "the guest, running",
    { known: [{ name: "web1", uuid: UUID, running: true }] },
    /^error guests of h2: web1: already runs there$/,
    /destroy/,
  ],
  [
    "a namesake",
    { known: [{ name: "web1", uuid: "other", running: false }] },
    /^error guests of h2: web1: another guest has this name there \(other\)$/,
    /domrename/,
  ],
  [
    "the guest under another name",
    { known: [{ name: "www", uuid: UUID, running: false }] },
    /^error guests of h2: web1: is defined as www there$/,
    /domrename/,
  ],
  [
    "a conflict",
    { conflicts: ["the MAC address x"] },
    /^error guests of h2: the MAC address x$/,
    /change it/,
  ],
];

test("the reference has a row for each check, and for no other", () => {
  const all = [{}, ...ills.map(([, more]) => more)].flatMap((more) => examinePeer({ ...PEER, ...more }));
  const checks = [...new Set(all.map(({ check }) => check))];
  const terms = termsOf("docs/reference/doctor.md", "Before a migration", "check");
  expect(unequal(terms, checks)).toEqual({ undocumented: [], unknown: [] });
});

test.each(ills)("%s", (_, more, told, fix) => {
  const bad = examinePeer({ ...PEER, ...more }).flatMap((finding) =>
    finding.kind === "ok" ? [] : [finding],
  );
  expect(bad.map(({ kind, check, fact }) => `${kind} ${check}: ${fact}`)).toEqual([
    expect.stringMatching(told),
  ]);
  expect(bad[0]?.fix.join("\n")).toMatch(fix);
  expect(bad[0]?.impact).not.toBe("");
});

test("what many guests lack is told once, with how many they are", () => {
  const receptions = ["a", "b", "c", "d", "e"].map((name) => reception(name, { refused: [BRIDGE] }));
  const bad = examinePeer({ ...PEER, receptions }).flatMap((finding) =>
    finding.kind === "error" ? [finding] : [],
  );
  expect(bad).toHaveLength(1);
  expect(bad[0]?.impact).toContain("refuses a, b, c and 2 more");
});

test("a guest that is defined there, as after an earlier move, is no obstacle", () => {
  const known = [{ name: "web1", uuid: UUID, running: false }];
  expect(examinePeer({ ...PEER, known }).filter(({ kind }) => kind !== "ok")).toEqual([]);
});

test.each([
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
  [["a", "a", "b"], "a and b"],
  [["a", "b", "c", "d"], "a, b, c and 1 more"],
])("%j is said as %s", (names, said) => {
  expect(guestsText(names)).toBe(said);
});
