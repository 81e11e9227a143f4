import { describe, expect, test } from "@jest/globals";
import { familyOf, linkLocalOf, parseAddress } from "../../../src/values/address.ts";
import { readPrefix } from "../../../src/values/address-range.ts";
import { commandText } from "../../../src/kernel/facts/command.ts";
import { type Fact, hostState } from "../../../src/kernel/facts/fact.ts";
import type { LinkFact } from "../../../src/kernel/facts/tap/link.ts";
import { DEFAULT_METRIC } from "../../../src/kernel/facts/route/route.ts";
import { parseMac, tapMac } from "../../../src/values/mac.ts";
import { draftName, parseIfName } from "../../../src/values/names.ts";
import { MAIN } from "../../../src/values/route-table.ts";
import { toVid } from "../../../src/values/vid.ts";
import { diff } from "../../../src/kernel/plan/diff.ts";
import { toPlan } from "../../../src/kernel/plan/plan.ts";

const sure = <T>(value: T | null): T => {
  if (value === null) throw new Error("a test's own mistake");
  return value;
};
const port = sure(parseIfName("db1-0"));
const mac = sure(parseMac("52:54:00:11:22:33"));
const member = (vid: number, native = false): Fact => ({
  kind: "port-vlan",
  port,
  vid: sure(toVid(vid)),
  pvid: native,
  untagged: native,
});
const entry = (vid: number, sticky = true): Fact => ({
  kind: "fdb",
  port,
  mac,
  vid: sure(toVid(vid)),
  sticky,
});
const flag = (name: "isolated" | "learning" | "locked", on: boolean): Fact => ({
  kind: "port-flag",
  port,
  flag: name,
  on,
});
const route = (to: string, via: string | null): Fact => {
  const read = readPrefix(to);
  if (read.kind !== "prefix") throw new Error(to);
  const next = via === null ? null : parseAddress(via);
  const metric = DEFAULT_METRIC[familyOf(read.prefix)];
  return { kind: "route", to: read.prefix, via: next, dev: port, table: MAIN, metric, anycast: false };
};
const draft = draftName(mac);
const tap = (multiQueue: boolean): Fact => ({
  kind: "tap",
  dev: port,
  draft,
  alias: "guestnet:1",
  multiQueue,
});
const neigh: Fact = { kind: "neigh", address: linkLocalOf(mac), dev: port, mac };
const link = (mtu: number): LinkFact => ({
  ...{ kind: "link", dev: port, master: null, mac: tapMac(mac), group: 76, mtu, up: true },
});
const lines = (observed: readonly Fact[], desired: readonly Fact[]): readonly string[] =>
  toPlan(diff(hostState(desired), hostState(observed))).map((step) => `${step.tool} ${commandText(step)}`);

describe("a port", () => {
  test("leaves foreign VLANs before it joins its own, and its checks are on before that", () => {
    const desired = [member(20, true), flag("learning", false), flag("locked", true), entry(20)];
    expect(lines([member(1, true), flag("learning", true), flag("locked", false)], desired)).toEqual([
      "bridge vlan del dev db1-0 vid 1",
      "bridge link set dev db1-0 learning off locked on",
      "bridge vlan add dev db1-0 vid 20 pvid untagged",
      "bridge fdb replace 52:54:00:11:22:33 dev db1-0 vlan 20 master static sticky",
      "sysfs class/net/db1-0/brport/flush=1",
      "sysfs class/net/db1-0/tx_queue_len=0",
      "sysfs class/net/db1-0/tx_queue_len=1000",
    ]);
  });

  test("forgets what the bridge has learned on it when it is locked, and only then", () => {
    const before = [member(20), flag("learning", true), flag("locked", false)];
    expect(lines(before, [member(20), flag("learning", false), flag("locked", true)])).toEqual([
      "bridge link set dev db1-0 learning off locked on",
      "sysfs class/net/db1-0/brport/flush=1",
    ]);
    expect(lines(before, [member(20), flag("learning", false), flag("locked", false)])).toEqual([
      "bridge link set dev db1-0 learning off",
    ]);
  });

  test("gets sticky entries in place of those that move", () => {
    const vlans = [member(20), member(21)];
    expect(lines([...vlans, entry(20, false), entry(21)], [...vlans, entry(20), entry(21)])).toEqual([
      "bridge fdb replace 52:54:00:11:22:33 dev db1-0 vlan 20 master static sticky",
    ]);
    expect(lines([...vlans, entry(20, false), entry(21, false)], [...vlans, entry(20), entry(21)])).toEqual([
      "bridge fdb replace 52:54:00:11:22:33 dev db1-0 master static sticky",
    ]);
  });

  test("loses the entry of a VLAN before the VLAN", () => {
    expect(lines([member(20, true), entry(20)], [])).toEqual([
      "bridge fdb del 52:54:00:11:22:33 dev db1-0 vlan 20 master static",
      "bridge vlan del dev db1-0 vid 20",
      "sysfs class/net/db1-0/tx_queue_len=0",
      "sysfs class/net/db1-0/tx_queue_len=1000",
    ]);
  });

  test("gets other flags of a VLAN by adding it again: a delete goes by VLAN ID and ignores flags", () => {
    expect(lines([member(20, true)], [member(20)])).toEqual(["bridge vlan add dev db1-0 vid 20"]);
  });

  test("takes and leaves neighbouring VLANs with one line for each run", () => {
    expect(
      lines([member(1), member(2), member(9)], [member(30), member(31), member(32), member(40)]),
    ).toEqual([
      "bridge vlan del dev db1-0 vid 1-2",
      "bridge vlan del dev db1-0 vid 9",
      "bridge vlan add dev db1-0 vid 30-32",
      "bridge vlan add dev db1-0 vid 40",
      "sysfs class/net/db1-0/tx_queue_len=0",
      "sysfs class/net/db1-0/tx_queue_len=1000",
    ]);
  });

  test("keeps the native VLAN apart from its neighbours", () => {
    expect(lines([], [member(29, true), member(30), member(31)])).toEqual([
      "bridge vlan add dev db1-0 vid 29 pvid untagged",
      "bridge vlan add dev db1-0 vid 30-31",
    ]);
  });
});

describe("a routed tap", () => {
  test("has the route to the guest, and its neighbour, before those that go via them, and loses them in the other order", () => {
    const routes = [
      route("198.51.100.0/28", "192.0.2.1"),
      route("2001:db8:53::/64", "fe80::5054:ff:fe11:2233"),
      route("192.0.2.1/32", null),
      neigh,
    ];
    expect(lines([], routes)).toEqual([
      "ip neigh replace fe80::5054:ff:fe11:2233 lladdr 52:54:00:11:22:33 dev db1-0 nud permanent protocol 76",
      "ip route add 192.0.2.1/32 dev db1-0 proto 76",
      "ip route add 198.51.100.0/28 via 192.0.2.1 dev db1-0 proto 76 onlink",
      "ip route add 2001:db8:53::/64 via fe80::5054:ff:fe11:2233 dev db1-0 proto 76 onlink",
    ]);
    expect(lines(routes, [])).toEqual([
      "ip route del 198.51.100.0/28 via 192.0.2.1 dev db1-0 proto 76",
      "ip route del 2001:db8:53::/64 via fe80::5054:ff:fe11:2233 dev db1-0 proto 76",
      "ip route del 192.0.2.1/32 dev db1-0 proto 76",
      "ip neigh del fe80::5054:ff:fe11:2233 dev db1-0",
    ]);
  });

  test("loses its neighbours with its MAC address and gets them again, and keeps them whatever else of the link is set", () => {
    const other: Fact = { ...link(1500), mac: sure(parseMac("fe:54:00:00:00:01")) };
    expect(lines([other, neigh], [link(1500), neigh])).toEqual([
      "ip link set dev db1-0 address fe:54:00:11:22:33 group 76 mtu 1500 up",
      "ip neigh replace fe80::5054:ff:fe11:2233 lladdr 52:54:00:11:22:33 dev db1-0 nud permanent protocol 76",
    ]);
    expect(lines([link(1400), neigh], [link(1500), neigh])).toEqual([
      "ip link set dev db1-0 group 76 mtu 1500 up",
    ]);
  });

  test("gets new addresses before it loses old ones", () => {
    expect(lines([route("192.0.2.1/32", null)], [route("192.0.2.2/32", null)])).toEqual([
      "ip route add 192.0.2.2/32 dev db1-0 proto 76",
      "ip route del 192.0.2.1/32 dev db1-0 proto 76",
    ]);
  });

  test("takes all that hangs off it along", () => {
    expect(lines([tap(false), route("192.0.2.1/32", null)], [])).toEqual(["ip link delete dev db1-0"]);
  });

  test("that was half made is cleared away before it is made", () => {
    expect(lines([{ kind: "tap-draft", dev: draft }], [tap(false)])).toEqual([
      "ip link delete dev mk_525400112233",
      "ip tuntap add dev mk_525400112233 mode tap",
      "ip link set dev mk_525400112233 name db1-0 alias guestnet:1",
    ]);
  });

  test("that has to be made again gets everything again", () => {
    const rest = [route("192.0.2.1/32", null)];
    expect(lines([tap(false), ...rest], [tap(true), ...rest])).toEqual([
      "ip link delete dev db1-0",
      "ip tuntap add dev mk_525400112233 mode tap multi_queue",
      "ip link set dev mk_525400112233 name db1-0 alias guestnet:1",
      "ip route add 192.0.2.1/32 dev db1-0 proto 76",
    ]);
  });
});

test("what is as it should be needs no line", () => {
  const facts = [member(20, true), entry(20), flag("locked", true), tap(true), route("192.0.2.1/32", null)];
  expect(lines(facts, [...facts].reverse())).toEqual([]);
});

test("a setting that nobody asked for is left as it is", () => {
  expect(
    lines([{ kind: "sysctl", name: "net/ipv4/ip_forward", value: "0" }, flag("isolated", true)], []),
  ).toEqual([]);
});
