import type { Family } from "../../../../values/address.ts";
import type { Run } from "../../../../kernel/host.ts";
import { asList, asNumber, asText, membersOf, printedList } from "../../../../values/json.ts";
import type { PeerSide, VlanAddress } from "../../../../doctor/peer/peer-readings.ts";
import type { VersionReading } from "../../../../doctor/host-readings.ts";
import type { Virsh } from "../../../../run/virsh.ts";
import { unlessFailing } from "../unless-failing.ts";
import { HOOKS } from "../../install/hook-file.ts";

/** Returns the version in a program's output. */
export const versionIn = (text: string, pattern: RegExp, what: string): VersionReading => {
  const found = pattern.exec(text)?.[1];
  return found === undefined
    ? { kind: "none", why: `${what} reports no version` }
    : { kind: "version", text: found };
};

const askJson = async (run: Run, ...args: readonly string[]): Promise<readonly unknown[]> =>
  printedList(await run("ip", ["-json", ...args]));

/** Addresses of VLAN devices on a bridge; link-local ones are on every device. */
const vlanAddresses = (links: readonly unknown[]): readonly VlanAddress[] =>
  links.map(membersOf).flatMap((link) => {
    const info = membersOf(link["linkinfo"]);
    const [bridge, vlan] = [asText(link["link"]), asNumber(membersOf(info["info_data"])["id"])];
    if (info["info_kind"] !== "vlan" || bridge === null || vlan === null) return [];
    const addresses = asList(link["addr_info"])
      .map(membersOf)
      .flatMap(({ scope, local, prefixlen }) =>
        scope === "global" ? [`${String(local)}/${String(prefixlen)}`] : [],
      );
    return addresses.length === 0 ? [] : [{ bridge, vlan, addresses }];
  });

const mtus = (links: readonly unknown[]): PeerSide["mtus"] =>
  new Map(links.map(membersOf).map((link) => [asText(link["ifname"]) ?? "", asNumber(link["mtu"]) ?? 0]));

/** BIRD, and the daemons of FRR that have peers; zebra alone announces nothing. */
const DAEMONS = new Set(["bird", "bird6", "bgpd", "ospfd", "ospf6d", "isisd", "babeld", "ripd", "ripngd"]);

const readDaemons = async (run: Run): Promise<PeerSide["daemons"]> => {
  const { stdout } = await run("ps", ["-e", "-o", "comm="]);
  const names = stdout.split("\n").map((line) => line.trim());
  return [...new Set(names)].filter((name) => DAEMONS.has(name)).sort();
};

const OURS = "^# guestnet [^ ]*\\( ([^)]*)\\)\\{0,1\\}: what libvirt runs";

/** Returns guestnet's hook among the files that libvirt runs, identified by its third line. */
const readHook = async (run: Run): Promise<PeerSide["hook"]> => {
  const places = ["qemu", "qemu.d"].map((name) => `/${HOOKS}/${name}`);
  const grep = ["grep", "-sHm1", "-e", OURS, "{}", ";"];
  const { stdout } = await run("find", ["-L", ...places, "-maxdepth", "1", "-type", "f", "-exec", ...grep]);
  const [, file, version] = /^(.+?):# guestnet (\S+)(?: \([^)\n]*\))?: /m.exec(stdout) ?? [];
  return file === undefined || version === undefined ? null : { file, version };
};

/** Returns the properties of a host that are compared with those of its peer. */
export const readSide = async (run: Run, virsh: Virsh): Promise<PeerSide> => {
  const [links, ipv4, ipv6, daemons, hook, version] = await Promise.all([
    askJson(run, "-details", "address", "show"),
    askJson(run, "-4", "route", "show", "default"),
    askJson(run, "-6", "route", "show", "default"),
    readDaemons(run),
    readHook(run),
    unlessFailing(
      async () => (await virsh("version", "--daemon")).stdout,
      () => "",
    ),
  ]);
  const defaults: readonly (readonly [Family, readonly unknown[]])[] = [
    ["ipv4", ipv4],
    ["ipv6", ipv6],
  ];
  return {
    ...{ hook, daemons, mtus: mtus(links), vlanAddresses: vlanAddresses(links) },
    libvirt: versionIn(version, /daemon: (\S+)/, "the libvirt daemon"),
    qemu: versionIn(version, /hypervisor: \S+ (\S+)/, "libvirt's QEMU"),
    defaults: new Set(defaults.flatMap(([family, routes]) => (routes.length > 0 ? [family] : []))),
  };
};
