import { describe, expect, test } from "@jest/globals";
import { examine } from "../../src/doctor/examine.ts";
import type {
  BridgeReading,
  HostReadings,
  InactiveGuest,
  LinkReading,
} from "../../src/doctor/host-readings.ts";
import {
  renderFindings,
  sumOf,
  renderFindingsJson,
} from "../../src/commands/guestnet/doctor/render-findings.ts";
import { termsOf, unequal } from "../docs/pages.ts";
import { domainOf, guest } from "../support/profiles.ts";

const BRIDGE: BridgeReading = { filtering: true, defaultPvid: 0, stp: false, forwardDelay: 15, ownMac: true };
const link = (name: string, more: Partial<LinkReading> = {}): LinkReading => ({
  ...{ name, kind: null, master: null, alias: null, carrier: true },
  ...{ lower: null, vlan: null, bridge: null, vlans: [] },
  ...more,
});
const HOOK = {
  file: "/etc/libvirt/hooks/qemu",
  executable: true,
  whose: "copy",
  text: "# guestnet 1.2.3: what libvirt runs",
  version: "1.2.3",
  digest: "d1",
  writtenAt: 1000,
} as const;
const DAEMON = { name: "libvirtd", pid: 7, startedAt: 2000, toldAt: null, profile: null };
const ON: Readonly<Record<string, string>> = {
  "net/ipv4/ip_forward": "1",
  "net/ipv6/conf/all/forwarding": "1",
};

const domain = domainOf(
  guest(
    { type: "bridge", bridge: "br0", vlan: 20 },
    { type: "bridge", bridge: "br0", trunk: [30, "100-101"], native: 10 },
    { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"] },
  ),
);
const LINKS = [
  link("br0", { kind: "bridge", bridge: BRIDGE }),
  link("eth0", { master: "br0", vlans: [10, 20, 30, 100, 101] }),
  link("t-0", { kind: "tun", master: "br0", vlans: [20] }),
];
const sysctls = (more: Readonly<Record<string, string>>) => (name: string) =>
  ({ ...ON, ...more })[name] ?? null;

/** A host where everything is as it should be. */
const HOST: HostReadings = {
  version: "1.2.3",
  hookDigest: "d1",
  kernel: "6.1.0-13-amd64",
  versions: {
    iproute2: { kind: "version", text: "6.1.0" },
    nft: { kind: "version", text: "1.0.6" },
    libvirt: { kind: "version", text: "9.0.0" },
  },
  domains: [domain],
  defined: [domain],
  inactive: [],
  tables: [
    { family: "inet", refused: null },
    { family: "bridge", refused: null },
  ],
  links: LINKS,
  proxies: [],
  sysctl: sysctls({}),
  routedByAdvertisement: [],
  hooks: [HOOK],
  selfTest: { ok: true, said: "guestnet 1.2.3 on Node.js 20.1.0: ready" },
  daemons: [DAEMON],
  selinux: null,
  networkFiles: [],
  networkManager: null,
};
const GONE = "01559266-d011-53b2-bfaf-aacc37d08aa4";
const asleep = (record: InactiveGuest["record"]): InactiveGuest => ({ domain, autostart: true, record });
const bridge = (more: Partial<BridgeReading>) => [
  link("br0", { kind: "bridge", bridge: { ...BRIDGE, ...more } }),
  ...LINKS.slice(1),
];
const manager = (unmanaged: string, devices: Readonly<Record<string, string>>, repairs = false) => ({
  ...{ unmanaged, devices: new Map(Object.entries(devices)), repairs },
});
const network = (text: string, file = "/etc/systemd/network/20-lan.network") => ({ file, text });

test("where all is good, every finding is, and each part of the host has one", () => {
  const findings = examine(HOST);
  expect(findings.filter(({ kind }) => kind !== "ok")).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual([
    ...[
      "kernel",
      "iproute2",
      "nft",
      "libvirt",
      "nft table inet",
      "nft table bridge",
      "hook",
      "hook in libvirtd",
      "AppArmor",
      "bridge br0",
    ],
    ...["uplinks of br0", "IPv4 forwarding", "IPv6 forwarding", "bridge-nf-call", "network managers"],
    ...["stale taps", "autostart"],
  ]);
});

/** What is wrong with a host, the fact that the doctor reports, and its fix. */
const ills: readonly [string, Partial<HostReadings>, "warning" | "error", RegExp, RegExp][] = [
  ["an old kernel", { kernel: "5.10.0" }, "warning", /^kernel: 5\.10/, /Linux 5\.18/],
  [
    "an old iproute2",
    { versions: { ...HOST.versions, iproute2: { kind: "version", text: "5.10.0" } } },
    "error",
    /^iproute2: 5\.10/,
    /5\.18/,
  ],
  [
    "no nft",
    { versions: { ...HOST.versions, nft: { kind: "none", why: "nft is not installed" } } },
    "error",
    /^nft: nft is not installed/,
    /install nft/,
  ],
  [
    "no daemon",
    { versions: { ...HOST.versions, libvirt: { kind: "none", why: "no socket" } } },
    "error",
    /^libvirt: no socket/,
    /systemctl start/,
  ],
  [
    "no daemon that could say whose a tap is",
    {
      versions: { ...HOST.versions, libvirt: { kind: "none", why: "no socket" } },
      links: [...LINKS, link("gone-0", { kind: "tun", alias: `guestnet:${GONE}`, carrier: false })],
    },
    "error",
    /^libvirt: no socket/,
    /systemctl start/,
  ],
  [
    "an old libvirt",
    { versions: { ...HOST.versions, libvirt: { kind: "version", text: "7.10.0" } } },
    "error",
    /^libvirt: 7\.10/,
    /8\.0/,
  ],
  [
    "a kernel without the inet family, which a guest needs",
    { tables: [{ family: "inet", refused: "Could not process rule: Operation not supported" }] },
    "error",
    /^nft table inet: .*Operation not supported/,
    /linux-image/,
  ],
  [
    "a kernel without the inet family, which a guest that does not run needs",
    {
      domains: [],
      defined: [domain],
      tables: [{ family: "inet", refused: "no" }],
    },
    "error",
    /^nft table inet: .*no/,
    /linux-image/,
  ],
  [
    "a kernel without the bridge family, which no guest needs",
    { tables: [{ family: "bridge", refused: "no" }] },
    "warning",
    /^nft table bridge: /,
    /linux-image/,
  ],
  [
    "a guest that the hook refused at boot",
    { inactive: [asleep({ kind: "refused", why: "bridge br0 does not filter VLANs" })] },
    "warning",
    /^autostart: guest \S+ has not run .*bridge br0 does not filter VLANs/,
    /^guestnet autostart$/,
  ],
  [
    "a guest that libvirt could not start at boot",
    { inactive: [asleep(null)] },
    "warning",
    /^autostart: guest \S+ has not run since the host started$/,
    /^guestnet autostart$/,
  ],
  ["no hook", { hooks: [], selfTest: null }, "error", /^hook: it is not installed/, /^guestnet install$/],
  [
    "a hook without an x bit",
    { hooks: [{ ...HOOK, executable: false }], selfTest: null },
    "error",
    /not executable/,
    /^guestnet install$/,
  ],
  [
    "a hook of another version",
    { hooks: [{ ...HOOK, version: "1.0.0" }] },
    "warning",
    /not of the version of this program/,
    /^guestnet install$/,
  ],
  [
    "a hook whose text was changed",
    { hooks: [{ ...HOOK, digest: "d2" }] },
    "error",
    /^hook: \/etc\/libvirt\/hooks\/qemu is not the hook of guestnet 1\.2\.3: its SHA-256 is d2, not d1$/,
    /^guestnet install$/,
  ],
  [
    "a package's hook of another version",
    { hooks: [{ ...HOOK, whose: "package", version: "1.0.0", digest: "d2" }] },
    "warning",
    /not of the version/,
    /^install the package guestnet-hook/,
  ],
  [
    "a hook that does not run",
    { selfTest: { ok: false, said: "it ended with status 127" } },
    "error",
    /status 127/,
    /^guestnet install$/,
  ],
  [
    "a hook that is there twice",
    { hooks: [HOOK, { ...HOOK, file: "/etc/libvirt/hooks/qemu.d/guestnet" }] },
    "warning",
    /twice/,
    /^guestnet install$/,
  ],
  [
    "a daemon older than its hook",
    { daemons: [{ ...DAEMON, startedAt: 500 }] },
    "warning",
    /newer than the daemon/,
    /^systemctl reload libvirtd$/,
  ],
  [
    "a daemon told before the hook was written",
    { daemons: [{ ...DAEMON, startedAt: 500, toldAt: 900 }] },
    "warning",
    /newer than the daemon/,
    /reload/,
  ],
  [
    "another hook that changes the network",
    {
      hooks: [
        HOOK,
        {
          ...HOOK,
          whose: "foreign",
          file: "/etc/libvirt/hooks/qemu.d/vlan",
          text: "bridge vlan add dev $1 vid 5",
        },
      ],
    },
    "warning",
    /qemu\.d\/vlan changes the network/,
    /urn:guestnet:1/,
  ],
  [
    "SELinux that confines hooks",
    { selinux: { hooksUnconfined: false } },
    "warning",
    /virt_hooks_unconfined is off/,
    /^setsebool/,
  ],
  [
    "a bridge that filters no VLANs",
    { links: bridge({ filtering: false }) },
    "error",
    /does not filter VLANs/,
    /vlan_filtering 1$/,
  ],
  [
    "a default PVID",
    { links: bridge({ defaultPvid: 1 }) },
    "warning",
    /default PVID is 1/,
    /vlan_default_pvid 0$/,
  ],
  [
    "a bridge whose MAC address moves",
    { links: bridge({ ownMac: false }) },
    "warning",
    /no MAC address of its own/,
    /^ip link set dev br0 address/,
  ],
  ["STP with a delay", { links: bridge({ stp: true }) }, "warning", /forward delay of 15 s/, /stp_state 0$/],
  [
    "a bridge that is gone",
    { links: [] },
    "error",
    /it does not exist/,
    /^ip link add br0 type bridge .*\nguestnet apply$/,
  ],
  [
    "an uplink without VLANs of guests",
    { links: [LINKS[0] ?? link(""), link("eth0", { master: "br0", vlans: [20] })] },
    "warning",
    /eth0 does not carry VLAN 10,30,100-101/,
    /^bridge vlan add dev eth0 vid 10\nbridge vlan add dev eth0 vid 30\nbridge vlan add dev eth0 vid 100-101$/,
  ],
  [
    "a VLAN device that takes a guest's frames",
    { links: [...LINKS, link("eth0.20", { kind: "vlan", lower: "eth0", vlan: 20 })] },
    "error",
    /^VLAN 20 of br0: eth0\.20 is a VLAN device on its uplink eth0/,
    /^ip link delete dev eth0\.20/,
  ],
  [
    "no IPv4 forwarding",
    { sysctl: sysctls({ "net/ipv4/ip_forward": "0" }) },
    "error",
    /IPv4 forwarding/,
    /ip_forward=1$/,
  ],
  [
    "no IPv6 forwarding",
    { sysctl: sysctls({ "net/ipv6/conf/all/forwarding": "0" }) },
    "error",
    /IPv6 forwarding/,
    /forwarding=1$/,
  ],
  [
    "a default route that will run out",
    { routedByAdvertisement: ["eth1"], sysctl: sysctls({ "net/ipv6/conf/eth1/accept_ra": "1" }) },
    "warning",
    /^IPv6 default route of eth1/,
    /accept_ra=2/,
  ],
  [
    "frames that pass iptables",
    { sysctl: sysctls({ "net/bridge/bridge-nf-call-iptables": "1" }) },
    "warning",
    /bridge-nf-call-iptables is on/,
    /iptables=0$/,
  ],
  [
    "a file of networkd's for all",
    { networkFiles: [network("[Match]\nName=*\n[Network]\nDHCP=yes\n")] },
    "error",
    /20-lan\.network matches t-0/,
    /Unmanaged=yes.*>\/etc\/systemd\/network\/05-guestnet\.network\nnetworkctl reload$/,
  ],
  [
    "one for all Ethernet",
    { networkFiles: [network("[Match]\nType=ether\n")] },
    "error",
    /matches t-0/,
    /Unmanaged=yes/,
  ],
  [
    "one for names like ours",
    { networkFiles: [network("[Match]\nName=en* t-?\n")] },
    "error",
    /matches t-0/,
    /Unmanaged=yes/,
  ],
  [
    "one for a guest that does not run",
    { domains: [], networkFiles: [network("[Match]\nType=ether\n")] },
    "error",
    /matches t-0 and 2 more taps of guests/,
    /Kind=tun/,
  ],
  [
    "NetworkManager without a word on taps",
    { networkManager: manager("interface-name:docker*", { "t-2": "connected (externally)" }) },
    "warning",
    /unmanaged-devices does not name the taps of guests \(t-2\)/,
    /type:tun.*\nnmcli general reload conf$/,
  ],
  [
    "the same while no guest runs",
    { domains: [], networkManager: manager("", {}) },
    "warning",
    /unmanaged-devices does not name the taps of guests \(t-0 and 2 more/,
    /type:tun/,
  ],
  [
    "NetworkManager's own bridge",
    { networkManager: manager("type:tun", { br0: "connected" }) },
    "warning",
    /it manages bridge br0/,
    /guestnet-apply/,
  ],
  [
    "a tap of a guest that does not run",
    { links: [...LINKS, link("gone-0", { kind: "tun", alias: `guestnet:${GONE}`, carrier: false })] },
    "warning",
    new RegExp(`^stale taps: gone-0 is the tap of guest ${GONE}, which does not run$`),
    /^ip link delete dev gone-0$/,
  ],
  [
    "a tap that the hook was killed for",
    { links: [...LINKS, link("mk_525400000001", { kind: "tun", carrier: false })] },
    "warning",
    /^mk_525400000001 is the tap of a start that was interrupted$/,
    /^ip link delete dev mk_525400000001$/,
  ],
  [
    "an address that is answered for in nobody's name",
    { proxies: [{ address: "2001:db8::9", dev: "up0" }] },
    "warning",
    /answers for 2001:db8::9 on up0/,
    /^ip neigh del proxy 2001:db8::9 dev up0$/,
  ],
];

test("the reference has a row for each check, and for no other", () => {
  const all = [{}, ...ills.map(([, more]) => more)].flatMap((more) => examine({ ...HOST, ...more }));
  // The last one is of --site, and needs no readings.
  const checks = [...new Set(all.map(({ check }) => check)), "host.json"];
  const terms = termsOf("docs/reference/doctor.md", "guestnet doctor", "check");
  expect(unequal(terms, checks)).toEqual({ undocumented: [], unknown: [] });
});

describe.each(ills)("%s", (_, more, kind, said, mended) => {
  test("is found, with its impact and a fix", () => {
    const findings = examine({ ...HOST, ...more }).filter((finding) => finding.kind !== "ok");
    const matching = findings.filter(({ check, fact }) => said.test(`${check}: ${fact}`) || said.test(fact));
    expect(matching.length).toBeGreaterThan(0);
    for (const finding of matching) {
      expect(finding.kind).toBe(kind);
      expect(finding.impact).not.toBe("");
      expect(finding.fix.join("\n")).toMatch(mended);
    }
    // Only what follows from it is found besides: a bridge that is gone takes the uplinks with it.
    expect(new Set(findings.map((finding) => finding.check)).size).toBe(1);
  });
});

test.each<[string, Partial<HostReadings>]>([
  [
    "taps of guests that run, or that some QEMU holds, and those of others",
    {
      links: [
        ...LINKS,
        link("t-2", { kind: "tun", alias: `guestnet:${domain.uuid}`, carrier: false }),
        link("held-0", { kind: "tun", alias: `guestnet:${GONE}` }),
        link("mine", { kind: "tun", alias: "guestnet: my favourite", carrier: false }),
      ],
    },
  ],
  [
    "addresses that are answered for in a running guest's name",
    {
      domains: [domain, domainOf(guest({ type: "routed", addresses: ["2001:db8::9"], proxy: ["up0"] }))],
      proxies: [{ address: "2001:db8::9", dev: "up0" }],
    },
  ],
  [
    "a daemon that was told after the hook was written",
    { daemons: [{ ...DAEMON, startedAt: 500, toldAt: 1500 }] },
  ],
  [
    "a foreign hook that does other things",
    { hooks: [HOOK, { ...HOOK, whose: "foreign", text: "echo hello" }] },
  ],
  ["STP without a delay", { links: bridge({ stp: true, forwardDelay: 0 }) }],
  [
    "a VLAN device for a VLAN that no guest is in",
    { links: [...LINKS, link("eth0.5", { kind: "vlan", lower: "eth0", vlan: 5 })] },
  ],
  [
    "a VLAN device on the bridge itself",
    { links: [...LINKS, link("br0.20", { kind: "vlan", lower: "br0", vlan: 20 })] },
  ],
  [
    "a default route that goes on",
    { routedByAdvertisement: ["eth1"], sysctl: sysctls({ "net/ipv6/conf/eth1/accept_ra": "2" }) },
  ],
  [
    "a bridge of somebody else's",
    { links: [...LINKS, link("docker0", { kind: "bridge", bridge: { ...BRIDGE, filtering: false } })] },
  ],
  [
    "networkd's files for other names",
    { networkFiles: [network("[Match]\nName=en*\n"), network("[Match]\nName=!t-* !x\n")] },
  ],
  [
    "one that asks for what no tap has",
    { networkFiles: [network("[Match]\nName=*\nMACAddress=02:00:00:00:00:01\n")] },
  ],
  [
    "one that is hidden by an earlier one for unmanaged taps",
    { networkFiles: [network("[Match]\nName=t-*\n[Link]\nUnmanaged=yes\n"), network("[Match]\nName=*\n")] },
  ],
  [
    "NetworkManager that leaves taps alone, and the bridge too",
    {
      networkManager: manager("interface-name:t-*;mac:02:00:00:00:00:01", {
        ...{ "t-0": "unmanaged", br0: "connected (externally)" },
      }),
    },
  ],
  [
    "NetworkManager's own bridge, where its changes are repaired",
    { networkManager: manager("type:tun", { br0: "connected" }, true) },
  ],
  ["a host without an uplink", { links: LINKS.filter(({ name }) => name !== "eth0") }],
])("%s is no finding", (_, more) => {
  expect(examine({ ...HOST, ...more }).filter(({ kind }) => kind !== "ok")).toEqual([]);
});

test("a finding is its fact, impact and fix, as text and as JSON", () => {
  const findings = examine({ ...HOST, hooks: [], selfTest: null });
  const text = renderFindings(findings, { colour: false, verbose: false });
  expect(text).toContain("error    hook: it is not installed\n         impact: routed guests do not start");
  expect(sumOf(findings)).toMatch(/^1 error, 0 warnings, \d+ ok$/);
  expect(text).not.toContain("ok    ");
  const ok = findings.filter(({ kind }) => kind === "ok").length;
  expect(ok).toBeGreaterThan(0);
  expect(renderFindings(findings, { colour: false, verbose: true }).match(/^ok {7}/gm)).toHaveLength(ok);
  expect(JSON.parse(renderFindingsJson(findings))).toMatchObject({ errors: 1, warnings: 0 });
});
