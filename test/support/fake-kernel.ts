import { DEVICE_SETTINGS } from "./device-settings.ts";
import type { PortVlans } from "../../src/guest/port-vlans.ts";
import { type FakeRoute, readFakeRoute, searchFakeRoutes, showFakeRoute } from "./fake-routes.ts";
import type { Host, Ran } from "../../src/kernel/host.ts";
import { FakeTable } from "./fake-table.ts";

interface Device {
  kind: string;
  master: string | null;
  alias: string | null;
  mac: string;
  group: string;
  mtu: number;
  up: boolean;
  multiQueue: boolean;
  filtering: boolean;
  defaultPvid: number;
  flags: Map<string, boolean>;
  vlans: Map<number, { pvid: boolean; untagged: boolean }>;
  /** Static entries, by MAC address and VLAN: sticky or not. */
  fdb: Map<string, boolean>;
  addresses: Set<string>;
  routes: Map<string, FakeRoute>;
  /** Permanent neighbours of our protocol: address and MAC address. */
  neighbours: Map<string, string>;
  /** Neighbour proxies: address and protocol. */
  proxies: Map<string, string>;
  /** Of a VRF. */
  table: number;
}

class Refused extends Error {}
const refuse = (why: string): never => {
  throw new Refused(why);
};

/**
 * A kernel that knows exactly our lines. An unknown one, adding twice, or removing what is not there fails the test:
 * the real kernels are in the lab, this one is for laws and for faults that the real ones do not have on demand.
 */
export class FakeKernel implements Host {
  readonly devices = new Map<string, Device>();
  readonly sysctls = new Map<string, string>();
  sourceCheck: string | null = null;
  guard = new FakeTable();
  /** Files that are there beside those of its devices. */
  readonly files = new Map<string, string>();
  /** Every line that changed something, in order. */
  readonly log: string[] = [];
  /** Makes the next line that matches fail with this message. */
  fault: { readonly line: RegExp; readonly says: string } | null = null;

  constructor() {
    this.sysctls.set("net/ipv4/ip_forward", "1");
    this.sysctls.set("net/ipv6/conf/all/proxy_ndp", "1");
    for (const scope of ["all", "default"]) {
      this.sysctls.set(`net/ipv6/conf/${scope}/forwarding`, "1");
      this.sysctls.set(`net/ipv6/conf/${scope}/disable_ipv6`, "0");
    }
  }

  readonly run = (file: string, args: readonly string[], stdin = ""): Promise<Ran> => {
    if (file === "nft") return Promise.resolve(this.#nft(args, stdin));
    if (file !== "ip" && file !== "bridge") throw new Error(`the fake kernel has no ${file}`);
    const force = args.includes("-force");
    const out: string[] = [];
    const err: string[] = [];
    for (const [index, line] of stdin.trimEnd().split("\n").entries()) {
      try {
        const shown = this.#line(file, line);
        if (shown === null) this.log.push(`${file} ${line}`);
        else out.push(JSON.stringify(shown));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        err.push(error.message, `Command failed -:${String(index + 1)}`);
        if (!force) break;
      }
    }
    return Promise.resolve({ code: err.length > 0 ? 1 : 0, stdout: out.join("\n"), stderr: err.join("\n") });
  };

  readonly readSysctl = (name: string): string | null => this.sysctls.get(name) ?? null;

  /** The files of sysfs that tell about bridges and their ports. */
  readonly readFile = (name: string): string | null => {
    const file = this.files.get(name);
    if (file !== undefined) return file;
    const [, dev = "", rest = ""] =
      /^\/sys\/(?:class|devices\/virtual)\/net\/([^/]+)\/(.+)$/.exec(name) ?? [];
    const device = this.devices.get(dev);
    if (device === undefined) return null;
    if (rest === "tun_flags") return device.kind === "tun" ? "0x1002" : null;
    if (rest === "netdev_group") return device.group === "default" ? "0" : device.group;
    if (device.kind !== "bridge") return null;
    const port = this.devices.get(/^brif\/([^/]+)\/port_no$/.exec(rest)?.[1] ?? "");
    if (port?.master === dev) return "0x1";
    if (rest === "bridge/vlan_filtering") return device.filtering ? "1" : "0";
    return rest === "bridge/default_pvid" ? String(device.defaultPvid) : null;
  };

  readonly exists = (name: string): boolean => this.readFile(name) !== null;

  readonly writeSysctl = (name: string, value: string): void => {
    this.#mayFail(`sysctl ${name}=${value}`);
    if (!this.sysctls.has(name))
      throw new Error(`ENOENT: no such file or directory, open '/proc/sys/${name}'`);
    this.sysctls.set(name, value);
    this.log.push(`sysctl ${name}=${value}`);
    const off = value === "1" ? /^net\/ipv6\/conf\/(.+)\/disable_ipv6$/.exec(name)?.[1] : undefined;
    if (off !== undefined) this.#dropIpv6(off);
  };

  readonly writeSysfs = (name: string, value: string): void => {
    this.#mayFail(`sysfs ${name}=${value}`);
    const [, dev = "", file = ""] = /^class\/net\/([^/]+)\/(.+)$/.exec(name) ?? [];
    const device = this.devices.get(dev);
    if (device === undefined) throw new Error(`ENOENT: no such file or directory, open '/sys/${name}'`);
    if (file === "netdev_group") device.group = value === "0" ? "default" : value;
    else if (file === "bridge/no_linklocal_learn") this.files.set(`/sys/${name}`, value);
    else if (file !== "tx_queue_len" && file !== "brport/flush")
      throw new Error(`the fake kernel has no /sys/${name}`);
    this.log.push(`sysfs ${name}=${value}`);
  };

  /** What libvirt does between `prepare` and `start` for a bridge NIC. */
  enslave(tap: string, bridge: string): void {
    if (!this.devices.has(bridge)) throw new Error(`the fake kernel has no ${bridge}`);
    const device = this.#make(tap, "tun");
    device.up = true;
    this.join(device, bridge);
  }

  /** A device becomes a port of a bridge, or of none: with nothing of what it was before (del_nbp, new_nbp). */
  join(device: Device, bridge: string | null): void {
    for (const kept of [device.vlans, device.fdb, device.flags]) kept.clear();
    device.master = bridge;
    if (bridge === null) return;
    for (const [flag, on] of Object.entries({
      ...{ isolated: false, learning: true, locked: false },
      ...{ guard: false, root_block: false },
    })) {
      device.flags.set(flag, on);
    }
    const { defaultPvid } = this.#get(bridge);
    if (defaultPvid !== 0) device.vlans.set(defaultPvid, { pvid: true, untagged: true });
  }

  /** What libvirt does right after it from 11.0 on, with an interface's `<vlan>` (virNetDevBridgeSetupVlans). */
  setupVlans(tap: string, vlans: PortVlans): void {
    const port = this.#get(tap).vlans;
    port.delete(1);
    const native = vlans.kind === "access" ? vlans.vlan : vlans.native;
    if (native !== null) {
      for (const vlan of port.values()) vlan.pvid = false;
      port.set(native, { pvid: true, untagged: true });
    }
    for (const vid of vlans.kind === "access" ? [] : vlans.tagged) {
      port.set(vid, { pvid: false, untagged: false });
    }
  }

  bridge(name: string, filtering: boolean, defaultPvid: number): void {
    Object.assign(this.#make(name, "bridge"), { filtering, defaultPvid });
  }

  vrf(name: string, table: number): void {
    Object.assign(this.#make(name, "vrf"), { table, up: true });
  }

  /** `route 192.0.2.1/32 dev up0 proto 4`, `address 192.0.2.1/24 dev up0`: of somebody else, with the device if need be. */
  have(line: string): void {
    const dev = / dev (\S+)/.exec(line)?.[1] ?? "";
    if (!this.devices.has(dev)) Object.assign(this.#make(dev, "veth"), { up: true });
    this.#line("ip", line.replace(" ", " add "));
  }

  /** The whole state as text: two equal texts are two equal hosts. */
  print(): string {
    const lines = [...this.devices].map(([name, device]) =>
      JSON.stringify({ name, ...device }, (_, value: unknown) =>
        value instanceof Map || value instanceof Set
          ? [...(value as Iterable<unknown>)].map((item) => JSON.stringify(item)).sort()
          : value,
      ),
    );
    return [
      ...lines,
      ...[...this.sysctls].map(([k, v]) => `${k}=${v}`),
      String(this.sourceCheck),
      ...this.guard.print(),
    ]
      .sort()
      .join("\n");
  }

  /** Switching IPv6 off takes its addresses and routes away at once (addrconf_ifdown). */
  #dropIpv6(name: string): void {
    const device = this.devices.get(name);
    for (const address of device?.addresses ?? [])
      if (address.includes(":")) device?.addresses.delete(address);
    for (const key of device?.routes.keys() ?? []) if (key.includes(":")) device?.routes.delete(key);
    device?.neighbours.clear();
  }

  #mayFail(line: string): void {
    if (this.fault?.line.test(line) !== true) return;
    const { says } = this.fault;
    this.fault = null;
    throw line.startsWith("sys") ? new Error(says) : new Refused(says);
  }

  #make(name: string, kind: string): Device {
    if (this.devices.has(name)) refuse("RTNETLINK answers: File exists");
    const device: Device = {
      kind,
      master: null,
      alias: null,
      mac: "02:00:00:00:00:01",
      group: "default",
      mtu: 1500,
      up: false,
      multiQueue: false,
      filtering: false,
      defaultPvid: 0,
      flags: new Map(),
      vlans: new Map(),
      fdb: new Map(),
      addresses: new Set(),
      routes: new Map(),
      neighbours: new Map(),
      proxies: new Map(),
      table: 0,
    };
    this.devices.set(name, device);
    for (const [family, setting, value] of DEVICE_SETTINGS)
      this.sysctls.set(`net/${family}/conf/${name}/${setting}`, value);
    // This host sets the defaults that differ most from what a tap needs.
    for (const setting of ["forwarding", "rp_filter", "accept_redirects", "send_redirects"]) {
      this.sysctls.set(`net/ipv4/conf/${name}/${setting}`, "1");
    }
    for (const setting of ["forwarding", "accept_ra", "accept_redirects"]) {
      this.sysctls.set(`net/ipv6/conf/${name}/${setting}`, "1");
    }
    return device;
  }

  #get(name: string | undefined): Device {
    return this.devices.get(name ?? "") ?? refuse(`Cannot find device "${name ?? ""}"`);
  }

  #nft(args: readonly string[], stdin: string): Ran {
    if (args.includes("list")) {
      const items = args.includes("inet") ? this.#listSourceCheck() : this.guard.list();
      return items === null
        ? { code: 1, stdout: "", stderr: "Error: No such file or directory" }
        : { code: 0, stdout: JSON.stringify({ nftables: items }), stderr: "" };
    }
    const lines = stdin.trim().split("\n");
    const before = this.guard.copy();
    try {
      this.#mayFail("nft");
      for (const line of lines.filter((one) => !one.startsWith("add table inet"))) {
        this.#mayFail(`nft ${line}`);
        this.guard.run(line);
      }
    } catch (error) {
      this.guard = before; // a file is one transaction
      return { code: 1, stdout: "", stderr: error instanceof Error ? error.message : "" };
    }
    const sourceCheck = lines.find((line) => line.startsWith("add table inet"));
    if (sourceCheck !== undefined) {
      this.sourceCheck = sourceCheck;
      this.log.push("nft source-check");
    }
    if (lines.some((line) => line.startsWith("flush chain bridge"))) this.log.push("nft guard");
    for (const line of lines) if (/^(add|delete) element/.test(line)) this.log.push(`nft ${line}`);
    return { code: 0, stdout: "", stderr: "" };
  }

  #listSourceCheck(): readonly unknown[] | null {
    if (this.sourceCheck === null) return null;
    return [...this.sourceCheck.matchAll(/comment "([^"]*)"/g)].map((match) => ({
      rule: { chain: "source-check", comment: match[1] },
    }));
  }

  /** Runs one batch line: JSON for a question, null for a change. */
  #line(tool: string, line: string): unknown {
    const words = line.split(" ");
    const after = (word: string): string | undefined => {
      const at = words.indexOf(word);
      return at < 0 ? undefined : words[at + 1];
    };
    const verb = `${tool} ${words.slice(0, 2).join(" ")}`;
    if (!/ (show|get)$/.test(verb)) this.#mayFail(`${tool} ${line}`);
    const name = after("dev");
    if (name === undefined && isWhole(words)) {
      return [...this.devices.keys()].flatMap((dev) => this.#line(tool, `${line} dev ${dev}`) as unknown[]);
    }
    switch (verb) {
      case "ip link show":
        return [this.#showLink(name ?? "", this.#get(name))];
      case "ip address show":
        return [{ ifname: name, addr_info: [...this.#get(name).addresses].map(toAddressJson) }];
      case "ip neigh show":
        if (words.includes("permanent"))
          return [...this.#get(name).neighbours].map(([dst, lladdr]) => ({
            ...{ dst, dev: name, lladdr, state: ["PERMANENT"], protocol: "76" },
          }));
        return [...this.#get(name).proxies].map(([dst, protocol]) => ({
          ...{ dst, dev: name, proxy: null, protocol },
        }));
      case "ip neigh add":
        if (words[2] !== "proxy") throw new Error(`the fake kernel does not know: ${tool} ${line}`);
        this.#get(name).proxies.set(words[3] ?? "", after("protocol") ?? "0");
        return null;
      case "ip neigh replace":
        if (!this.#get(name).up) refuse("RTNETLINK answers: Network is down");
        this.#get(name).neighbours.set(words[2] ?? "", after("lladdr") ?? "");
        return null;
      case "ip neigh del":
        if (words[2] !== "proxy") {
          if (!this.#get(name).neighbours.delete(words[2] ?? ""))
            refuse("RTNETLINK answers: No such file or directory");
          return null;
        }
        if (!this.#get(name).proxies.delete(words[3] ?? ""))
          refuse("RTNETLINK answers: No such file or directory");
        return null;
      case "ip route get":
      case "ip route show":
        return name === undefined
          ? this.#searchRoutes(words)
          : [...this.#get(name).routes.values()]
              .filter(({ protocol }) => protocol === 76)
              .map((route) => showFakeRoute(route, name));
      case "bridge vlan show": {
        const vlans = [...this.#get(name).vlans].map(([vlan, { pvid, untagged }]) => ({
          vlan,
          flags: [...(pvid ? ["PVID"] : []), ...(untagged ? ["Egress Untagged"] : [])],
        }));
        return vlans.length === 0 ? [] : [{ ifname: name, vlans }];
      }
      case "bridge fdb show":
        return [...this.#get(name).fdb].map(([entry, sticky]) => {
          const [mac, vlan] = entry.split(" ");
          const flags = sticky ? ["sticky"] : [];
          return { ifname: name, mac, vlan: Number(vlan), flags, master: "br", state: "static" };
        });
      case "ip tuntap add":
        this.#make(name ?? "", "tun").multiQueue = words.includes("multi_queue");
        return null;
      case "ip link delete":
        this.#get(name);
        this.devices.delete(name ?? "");
        for (const key of this.sysctls.keys())
          if (key.includes(`/conf/${name ?? ""}/`)) this.sysctls.delete(key);
        return null;
      case "ip link set": {
        const device = this.#get(name);
        // Before the alias, as do_setlink does: with a name that is taken, neither is set.
        this.#rename(name ?? "", after("name"));
        this.#setLink(device, words, after);
        return null;
      }
      case "bridge link show": {
        if (name === undefined)
          return [...this.devices.keys()].flatMap(
            (port) => this.#line(tool, `link show dev ${port}`) as unknown[],
          );
        const { master, flags } = this.#get(name);
        return master === null || flags.size === 0
          ? []
          : [{ ifname: name, master, ...Object.fromEntries(flags) }];
      }
      case "bridge link set":
        this.#setFlags(this.#get(name), words.slice(4));
        return null;
      case "bridge vlan add":
      case "bridge vlan del":
        this.#vlan(this.#get(name), words, after("vid") ?? "");
        return null;
      case "bridge fdb replace": {
        const device = this.#get(name);
        const vlan = after("vlan");
        if (vlan !== undefined && !device.vlans.has(Number(vlan)))
          refuse("RTNETLINK answers: Invalid argument");
        for (const vid of vlan === undefined ? device.vlans.keys() : [vlan])
          device.fdb.set(`${words[2] ?? ""} ${String(vid)}`, words.includes("sticky"));
        return null;
      }
      case "bridge fdb del":
        if (!this.#get(name).fdb.delete(`${words[2] ?? ""} ${after("vlan") ?? ""}`)) {
          refuse("RTNETLINK answers: No such file or directory");
        }
        return null;
      case "ip address add":
      case "ip address del":
        toggle(this.#get(name).addresses, words[1] === "add", words[2] ?? "");
        return null;
      case "ip route add":
      case "ip route append":
      case "ip route del":
        this.#route(this.#get(name), words);
        return null;
      default:
        throw new Error(`the fake kernel does not know: ${tool} ${line}`);
    }
  }

  #setFlags(device: Device, pairs: readonly string[]): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const flag = pairs[at] ?? "";
      if (!device.flags.has(flag)) refuse("RTNETLINK answers: Operation not supported");
      device.flags.set(flag, pairs[at + 1] === "on");
    }
  }

  #setLink(device: Device, words: readonly string[], after: (word: string) => string | undefined): void {
    device.alias = after("alias") ?? device.alias;
    if (words.includes("nomaster")) this.#move(device, null);
    if (words.includes("address")) device.neighbours.clear(); // neigh_changeaddr, to the same address, too
    device.mac = after("address") ?? device.mac;
    device.group = after("group") ?? device.group;
    device.mtu = Number(after("mtu") ?? device.mtu);
    const master = after("master");
    if (master !== undefined && this.#get(master).kind === "vrf") this.#move(device, master);
    else if (master !== undefined) this.join(device, master);
    if (words.includes("up")) device.up = true;
    if (words.includes("down")) device.up = false;
  }

  /** Into another VRF, or out of it: the device goes down and up for it, and its routes are gone (cycle_netdev). */
  #move(device: Device, master: string | null): void {
    if (device.master === master) return;
    device.master = master;
    device.routes.clear();
    device.neighbours.clear();
  }

  #rename(from: string, to: string | undefined): void {
    if (to === undefined) return;
    if (this.devices.has(to)) refuse("RTNETLINK answers: File exists");
    this.devices.set(to, this.#get(from));
    this.devices.delete(from);
    for (const [key, value] of [...this.sysctls]) {
      if (!key.includes(`/conf/${from}/`)) continue;
      this.sysctls.delete(key);
      this.sysctls.set(key.replace(`/conf/${from}/`, `/conf/${to}/`), value);
    }
  }

  #vlan(device: Device, words: readonly string[], range: string): void {
    const [first = 0, last = first] = range.split("-").map(Number);
    for (let vid = first; vid <= last; vid += 1) {
      if (words[1] === "del") {
        if (!device.vlans.delete(vid)) refuse("RTNETLINK answers: No such file or directory");
        continue;
      }
      const pvid = words.includes("pvid");
      // A new PVID takes the flag from the old one, which stays a member.
      if (pvid) for (const vlan of device.vlans.values()) vlan.pvid = false;
      device.vlans.set(vid, { pvid, untagged: words.includes("untagged") });
    }
  }

  #tableOf = (vrf: string): number => this.#get(vrf).table;

  #searchRoutes(words: readonly string[]): readonly object[] {
    const devices = [...this.devices];
    const routes = devices.flatMap(([dev, { routes: own }]) =>
      [...own.values()].map((route) => [dev, route] as const),
    );
    const local = devices.flatMap(([dev, { addresses }]) =>
      [...addresses].map((entry) => [dev, entry.split("/")[0] ?? ""] as const),
    );
    return (
      searchFakeRoutes(words, routes, local, this.#tableOf) ??
      refuse("RTNETLINK answers: Network is unreachable")
    );
  }

  #route(device: Device, words: readonly string[]): void {
    const route = readFakeRoute(words, this.#tableOf);
    const { to, via, table, metric } = route;
    const key = `${to} ${table} ${metric}`;
    if (words[1] === "del") {
      if (!device.routes.delete(key)) refuse("RTNETLINK answers: No such process");
      return;
    }
    if (!device.up) refuse("RTNETLINK answers: Network is down");
    const others = words[1] === "append" ? [device] : [...this.devices.values()];
    if (others.some((other) => other.routes.has(key))) refuse("RTNETLINK answers: File exists");
    const elsewhere = [...this.devices.values()]
      .flatMap((other) => [...other.routes.values()].map((one) => ({ other, one })))
      .filter(({ one }) => one.table === table && one.to.split("/")[0] === via)
      .sort((a, b) => a.one.metric - b.one.metric);
    // Of IPv6 next hops, those that are on link whatever is routed (ip6_validate_gw): link-local ones.
    const isFree = via === null || via.startsWith("fe80:") || !via.includes(":");
    if (!isFree && elsewhere[0]?.other !== device)
      refuse("Error: Nexthop has invalid gateway or device mismatch.");
    if (via?.includes(".") === true && !words.includes("onlink") && elsewhere.length === 0)
      refuse("Error: Nexthop has invalid gateway.");
    device.routes.set(key, route);
  }

  #showLink(name: string, device: Device): unknown {
    const info =
      device.kind === "tun"
        ? { type: "tap", multi_queue: device.multiQueue }
        : device.kind === "vrf"
          ? { table: device.table }
          : { vlan_filtering: device.filtering ? 1 : 0, vlan_default_pvid: device.defaultPvid };
    return {
      ifname: name,
      flags: device.up ? ["UP"] : [],
      mtu: device.mtu,
      group: device.group,
      address: device.mac,
      ...(device.master === null ? {} : { master: device.master }),
      ...(device.alias === null ? {} : { ifalias: device.alias }),
      linkinfo: { info_kind: device.kind, info_data: info },
    };
  }
}

/** A question about all devices, which `guestnet` asks: each is shown as if it were asked for. */
const isWhole = (words: readonly string[]): boolean =>
  words[1] === "show" && !words.includes("root") && !words.includes("match");

const toAddressJson = (entry: string): unknown => {
  const [local, length] = entry.split("/");
  return { local, prefixlen: Number(length) };
};

const toggle = (set: Set<string>, add: boolean, value: string): void => {
  if (set.has(value) === add)
    refuse(add ? "RTNETLINK answers: File exists" : "RTNETLINK answers: Cannot assign requested address");
  if (add) set.add(value);
  else set.delete(value);
};
