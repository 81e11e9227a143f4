import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { arp, bpdu, discovery, ethernet, type Payload, tag, udp4, udp6 } from "./stage/traffic/frame.ts";
import { bare } from "./stage/guest/generate.ts";
import { installHook } from "./stage/host/install-hook.ts";

const NEEDS = ["vlan-filtering", "nft-bridge"] as const;
const MAC = "52:54:00:00:20:05";
const LINK_LOCAL = "fe80::5054:ff:fe00:2005";
/** MAC addresses with their link-local addresses: of a nested guest, of a virtual router (RFC 9568), and of neither. */
const NESTED = { mac: "52:54:00:aa:00:01", linkLocal: "fe80::5054:ff:feaa:1" };
const VIRTUAL = { mac: "00:00:5e:00:01:0a", linkLocal: "fe80::200:5eff:fe00:10a" };
const FOREIGN = { mac: "52:54:00:66:66:66", linkLocal: "fe80::5054:ff:fe66:6666" };
const OWN = { mac: MAC, linkLocal: LINK_LOCAL };
const STP = "01:80:c2:00:00:00";

/** Frames of a guest with 10.0.20.5 and 2001:db8:20::5, and whether they pass. */
const FRAMES: readonly (readonly [string, boolean, Payload, string?])[] = [
  ["IPv4 from its address", true, udp4("10.0.20.5", 1000, 53)],
  ["IPv4 from another address", false, udp4("10.0.20.6", 1000, 53)],
  ["ARP of its address", true, arp(1, MAC, "10.0.20.5", "10.0.20.1")],
  ["gratuitous ARP of its address", true, arp(2, MAC, "10.0.20.5", "10.0.20.5")],
  ["an ARP probe", true, arp(1, MAC, "0.0.0.0", "10.0.20.5")],
  ["ARP that takes the gateway's address", false, arp(2, MAC, "10.0.20.1", "10.0.20.1")],
  ["ARP of its address with another MAC", false, arp(2, "52:54:00:66:66:66", "10.0.20.5", "10.0.20.5")],
  ["IPv6 from its address", true, udp6("2001:db8:20::5", 1000, 53)],
  ["IPv6 from its link-local address", true, udp6(LINK_LOCAL, 1000, 53)],
  ["IPv6 from another address", false, udp6("2001:db8:20::6", 1000, 53)],
  ["IPv6 from another link-local address", false, udp6("fe80::1", 1000, 53)],
  ["an advertisement of its address", true, discovery(136, "2001:db8:20::5", "2001:db8:20::5")],
  ["an advertisement that takes the gateway's", false, discovery(136, "2001:db8:20::5", "2001:db8:20::1")],
  ["an advertisement that takes fe80::1", false, discovery(136, LINK_LOCAL, "fe80::1")],
  ["a solicitation", true, discovery(135, "2001:db8:20::5", "2001:db8:20::1")],
  ["duplicate address detection", true, discovery(135, "::", "2001:db8:20::5")],
  ["duplicate address detection of another's", false, discovery(135, "::", "2001:db8:20::1")],
  ["a router advertisement", false, discovery(134, LINK_LOCAL, "::")],
  ["a redirect", false, discovery(137, LINK_LOCAL, "::")],
  ["a DHCP client", true, udp4("0.0.0.0", 68, 67)],
  ["a DHCP server", false, udp4("10.0.20.5", 67, 68)],
  ["a DHCPv6 client", true, udp6(LINK_LOCAL, 546, 547)],
  ["a DHCPv6 server", false, udp6(LINK_LOCAL, 547, 546)],
  ["a tag inside the tag", false, tag(7, udp4("10.0.20.6", 1000, 53))],
  ["spanning tree", false, bpdu, STP],
  ["what is no IP, as QEMU announces a migrated guest", true, [0x80, 0x35, 0, 1, 8, 0, 6, 4, 0, 3]],
];

const hex = (frame: readonly number[]): string =>
  frame.map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Short frames are filled up with zeros, before or after they get a tag, and br_netfilter takes them off IPv4 ones. */
const unfilled = (frame: string): string => frame.replace(/(00)+$/, "");

describeInLab("what a guest with addresses may say", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let guest: Machine;
  let physical: Machine;

  const hook = async (operation: string, name: string, nic: object): Promise<void> => {
    const xml = bare(name, [{ type: "bridge", bridge: "br0", mac: MAC, ...nic }]).replaceAll('"', "'");
    const argv = ["/etc/libvirt/hooks/qemu", name, operation, "begin", "-"];
    expect(await host.run(argv, { stdin: xml })).toMatchObject({ code: 0, stderr: "" });
  };

  /** Sends frames on that device, as the guest or as another machine. */
  const send = async (
    device: string,
    frames: readonly (readonly number[])[],
    from: Machine = guest,
  ): Promise<void> => {
    const texts = frames.map((frame) => Buffer.from(frame).toString("base64"));
    const send = `base64 -d | socat -u - INTERFACE:${device}`;
    await from.sh(`for text in ${texts.join(" ")}; do echo $text | ${send}; done`);
  };

  /** The frames that tcpdump has printed with -xx, in hexadecimal. */
  const framesIn = (lines: readonly string[]): ReadonlySet<string> => {
    const frames = lines.join("\n").split(/^(?=\S)/m);
    const bytesOf = (one: string): string =>
      [...one.matchAll(/^\s+0x[0-9a-f]+: {2}(.*)$/gm)].map((line) => line[1] ?? "").join(" ");
    return new Set(frames.map((one) => unfilled(bytesOf(one).replaceAll(" ", ""))));
  };

  /** Those of the frames that reach the switch, with the tag of that VLAN, by their names. */
  const passed = async (device: string, own: (payload: Payload) => Payload, vid: number) => {
    const frames = FRAMES.map(([, , payload, to]) => ethernet(MAC, own(payload), to));
    const heard = framesIn(await capture(physical, "eth0", "-xx", () => send(device, frames)));
    const onWire = FRAMES.map(([, , payload, to]) => hex(ethernet(MAC, tag(vid, payload), to)));
    return FRAMES.filter((_, index) => heard.has(unfilled(onWire[index] ?? ""))).map(([name]) => name);
  };

  /** Of each of these MAC addresses, how many of its frames from 10.0.20.5 reach the switch: IPv4, ARP and neighbour discovery. */
  const heardFrom = async (device: string, senders: readonly (typeof OWN)[]) => {
    const all = senders.map(({ mac, linkLocal }) => ({
      mac,
      payloads: [
        udp4("10.0.20.5", 1000, 53),
        arp(2, mac, "10.0.20.5", "10.0.20.5"),
        discovery(136, linkLocal, linkLocal),
      ],
    }));
    const frames = all.flatMap(({ mac, payloads }) => payloads.map((payload) => ethernet(mac, payload)));
    const seen = framesIn(await capture(physical, "eth0", "-xx", () => send(device, frames)));
    return all.map(({ mac, payloads }) => {
      const passed = payloads.filter((payload) => seen.has(unfilled(hex(ethernet(mac, tag(20, payload))))));
      return `${mac} ${String(passed.length)}`;
    });
  };

  const expected = FRAMES.flatMap(([name, passes]) => (passes ? [name] : []));

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    guest = await lab.machine("guest");
    physical = await lab.machine("switch");
    await lab.wire(host, "up0", physical, "eth0");
    for (const tap of ["acc-0", "trunk-0", "free-0", "gw-0"]) await lab.wire(host, tap, guest, tap);
    await guest.sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
    await host.sh(`
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
      for port in up0 acc-0 trunk-0 free-0 gw-0; do ip link set $port master br0; done
      ip link set br0 up; for vid in 20 30; do bridge vlan add dev up0 vid $vid; done`);
    await installHook(host);
    const addresses = ["10.0.20.5/24", "2001:db8:20::5/64"];
    await hook("start", "acc", { vlan: 20, addresses });
    await hook("start", "trunk", { trunk: [30], vlanAddresses: { 30: { addresses } } });
  });

  afterAll(async () => {
    await lab.close();
  });

  test("on an access port", async () => {
    expect(await passed("acc-0", (payload) => payload, 20)).toEqual(expected);
  });

  test("on a trunk port, behind a tag", async () => {
    expect(await passed("trunk-0", (payload) => tag(30, payload), 30)).toEqual(expected);
  });

  test("a frame with the guest's MAC address that comes by an uplink does not cut it off", async () => {
    const said = udp4("10.0.20.5", 1000, 53);
    const onWire = ethernet(MAC, tag(20, said));
    const isHeard = async () => {
      const heard = await capture(physical, "eth0", "-xx", () => send("acc-0", [ethernet(MAC, said)]));
      return framesIn(heard).has(unfilled(hex(onWire)));
    };
    /** Where the bridge takes the guest to be, after such a frame. */
    const afterForgery = async () => {
      await send("eth0", [onWire], physical);
      return host.sh(`bridge fdb show | grep '^${MAC} .* vlan 20 '`);
    };
    const right = `${MAC} dev acc-0 vlan 20 sticky master br0 static\n`;
    expect(await afterForgery()).toBe(right);
    expect(await isHeard()).toBe(true);

    // The frame does arrive: an entry that is static and no more goes with it, and the guest is cut off until somebody looks.
    await host.sh(`bridge fdb replace ${MAC} dev acc-0 vlan 20 master static`);
    expect(await afterForgery()).toContain(" dev up0 ");
    expect(await isHeard()).toBe(false);
    await hook("reconnect", "acc", { vlan: 20, addresses: ["10.0.20.5/24", "2001:db8:20::5/64"] });
    expect(await afterForgery()).toBe(right);
    expect(await isHeard()).toBe(true);
  });

  test("an address that guests share passes, in IPv4, ARP and neighbour discovery", async () => {
    const addresses = ["10.0.20.5/24", "2001:db8:20::5/64"];
    const shared = ["10.0.20.9", "2001:db8:20::9"].map((address) => ({ address, guests: ["acc", "other"] }));
    const payloads: readonly Payload[] = [
      udp4("10.0.20.9", 1000, 53),
      arp(2, MAC, "10.0.20.9", "10.0.20.9"),
      discovery(136, "2001:db8:20::9", "2001:db8:20::9"),
    ];
    const heard = async () => {
      const frames = payloads.map((payload) => ethernet(MAC, payload));
      const seen = framesIn(await capture(physical, "eth0", "-xx", () => send("acc-0", frames)));
      return payloads.filter((payload) => seen.has(unfilled(hex(ethernet(MAC, tag(20, payload)))))).length;
    };
    expect(await heard()).toBe(0);
    await hook("start", "acc", { vlan: 20, addresses, sharedAddresses: shared });
    expect(await heard()).toBe(payloads.length);
    await hook("start", "acc", { vlan: 20, addresses });
    expect(await heard()).toBe(0);
  });

  test("each of its MAC addresses passes, no other does, and one that it has no more does not", async () => {
    const nic = { vlan: 20, addresses: ["10.0.20.5/24"] };
    await hook("start", "acc", { ...nic, macs: [NESTED.mac] });
    const all = [OWN, NESTED, FOREIGN];
    const heard = () => heardFrom("acc-0", all);
    expect(await heard()).toEqual([`${MAC} 3`, `${NESTED.mac} 3`, `${FOREIGN.mac} 0`]);
    // What it lacks is repaired, as what it has too much.
    await host.sh(`bridge fdb del ${NESTED.mac} dev acc-0 vlan 20 master`);
    expect(await heard()).toEqual([`${MAC} 3`, `${NESTED.mac} 0`, `${FOREIGN.mac} 0`]);
    await hook("reconnect", "acc", { ...nic, macs: [NESTED.mac] });
    expect(await heard()).toEqual([`${MAC} 3`, `${NESTED.mac} 3`, `${FOREIGN.mac} 0`]);
    await hook("reconnect", "acc", nic);
    expect(await heard()).toEqual([`${MAC} 3`, `${NESTED.mac} 0`, `${FOREIGN.mac} 0`]);
  });

  test("the MAC address of a virtual router moves between the ports that have it, and to no other", async () => {
    const router = { vlan: 20, addresses: ["10.0.20.5/24"], macs: [VIRTUAL.mac] };
    const other = { mac: "52:54:00:00:20:06", linkLocal: "fe80::5054:ff:fe00:2006" };
    const where = () => host.sh(`bridge fdb get ${VIRTUAL.mac} br br0 vlan 20 | grep -o 'dev [a-z]*-0'`);
    await hook("start", "acc", router);
    await hook("start", "gw", { ...router, mac: other.mac });
    await hook("start", "free", { vlan: 20, mac: "52:54:00:00:20:07" });
    const all = [OWN, VIRTUAL, FOREIGN, other];
    expect(await heardFrom("acc-0", all)).toEqual([
      `${MAC} 3`,
      `${VIRTUAL.mac} 3`,
      `${FOREIGN.mac} 0`,
      `${other.mac} 0`,
    ]);
    expect(await where()).toBe("dev acc-0\n");
    expect(await heardFrom("gw-0", all)).toEqual([
      `${MAC} 0`,
      `${VIRTUAL.mac} 3`,
      `${FOREIGN.mac} 0`,
      `${other.mac} 3`,
    ]);
    expect(await where()).toBe("dev gw-0\n");
    expect(await heardFrom("free-0", [VIRTUAL])).toEqual([`${VIRTUAL.mac} 0`]);
    expect(await where()).toBe("dev gw-0\n");
    for (const [name, mac] of [
      ["gw", other.mac],
      ["free", "52:54:00:00:20:07"],
    ] as const)
      await hook("release", name, { ...router, mac });
    expect(await host.sh("nft list table bridge guestnet")).not.toContain('"gw-0"');
    await hook("start", "acc", { vlan: 20, addresses: ["10.0.20.5/24", "2001:db8:20::5/64"] });
  });

  test("the same on the way to the host", async () => {
    await host.sh("bridge vlan add dev br0 vid 20 self");
    const own = ethernet(MAC, udp4("10.0.20.5", 1000, 53), "02:00:00:00:00:10");
    const spoofed = ethernet(MAC, udp4("10.0.20.6", 1000, 53), "02:00:00:00:00:10");
    const heard = (await capture(host, "br0", "-Q in udp", () => send("acc-0", [own, spoofed]))).join("\n");
    expect(heard).toContain("10.0.20.5.1000");
    expect(heard).not.toContain("10.0.20.6");
  });

  test("services: a router advertises itself and forwards for others, a DHCP server answers", async () => {
    const services = ["router", "dhcp"];
    await hook("start", "gw", { vlan: 20, addresses: ["10.0.20.5/24", "2001:db8:20::5/64"], services });
    const more = [
      ...["IPv4 from another address", "IPv6 from another address", "IPv6 from another link-local address"],
      ...["a router advertisement", "a redirect", "a DHCP server", "a DHCPv6 server"],
    ];
    const names = FRAMES.flatMap(([name, passes]) => (passes || more.includes(name) ? [name] : []));
    expect(await passed("gw-0", (payload) => payload, 20)).toEqual(names);
  });

  test("antispoof: false lets everything pass", async () => {
    await hook("start", "free", { vlan: 20, addresses: ["10.0.20.5/24"], antispoof: false });
    // A tag on an access port is of a VLAN that the port is not in: that is the bridge's own affair.
    const names = FRAMES.map(([name]) => name).filter((name) => name !== "a tag inside the tag");
    expect(await passed("free-0", (payload) => payload, 20)).toEqual(names);
  });

  test("rules of an earlier version, with the same comments, are replaced, and what a guest may say stays", async () => {
    // One of them lets everything pass, and none has the digest that tells them from others. nft 1.1 does not take all that it lists,
    // so only these two are replaced.
    const digest = "/; rules [0-9a-f]*/ { s/; rules [0-9a-f]*//; s/ # handle \\(.*\\)/ \\1/; p }";
    const open = '/ drop comment "nothing else"/ { s/ drop / accept /; s/ # handle \\(.*\\)/ \\1/; p }';
    await host.sh(`
      nft -a list chain bridge guestnet guard | sed -n '${digest}; ${open}' | while read -r rule; do
        echo "replace rule bridge guestnet guard handle \${rule##* } \${rule% *}"
      done | nft -f -`);
    const onTrunk = () => passed("trunk-0", (payload) => tag(30, payload), 30);
    expect(await onTrunk()).toContain("IPv4 from another address");
    const addresses = ["10.0.20.5/24", "2001:db8:20::5/64"];
    await hook("reconnect", "trunk", { trunk: [30], vlanAddresses: { 30: { addresses } } });
    expect(await onTrunk()).toEqual(expected);
  });

  test("a start with other addresses after a crash forgets the old ones", async () => {
    await hook("start", "acc", { vlan: 20, addresses: ["10.0.20.6/24"] });
    const sets = await host.sh("nft list table bridge guestnet");
    expect(sets).toContain('"acc-0" . 10.0.20.6');
    expect(sets).not.toContain('"acc-0" . 10.0.20.5');
  });

  test("after release nothing of a guest is in the sets, and the others are as they were", async () => {
    await hook("release", "acc", { vlan: 20, addresses: ["10.0.20.6/24"] });
    const sets = await host.sh("nft list table bridge guestnet");
    expect(sets).not.toContain('"acc-0"');
    expect(sets).toContain('"trunk-0" . 10.0.20.5');
  });
});
