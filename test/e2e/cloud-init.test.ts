import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Libvirt, type Machine, runHere } from "../lab/lab.ts";
import { genxml } from "./stage/guest/generate.ts";
import { answers, reaches } from "./stage/traffic/ping.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";
import { openRoutedHost, type RoutedHost } from "./stage/host/routed-host.ts";

const DUAL = { type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"], mac: "52:54:00:12:34:56" };
const IPV6 = { type: "routed", addresses: ["2001:db8:0:1::80"], mac: "52:54:00:12:34:80" };
const DNS = { dns: { servers: ["2001:db8::53"], search: ["example.org"] } };

/** A folder with the guest's files, as the built genxml writes them. */
const written = (folder: string, profile: object, ...options: readonly string[]): string => {
  const out = mkdtempSync(join(folder, "guest-"));
  const ran = genxml(["cloud-init", "-", "-o", out, ...options], JSON.stringify(profile));
  if (ran.status !== 0) throw new Error(ran.stderr);
  return out;
};
const guest = (name: string, nic: object) => ({ name, memory: "1 GiB", interfaces: [nic], cloudInit: DNS });

// The programs are the lab's packages; nothing of this needs a kernel of its own.
describeInLab("cloud-init, the real one,", ["libvirt"], () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "guestnet-cloud-init-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** What cloud-init makes of our network-config for one way to configure a network: all of its files. */
  const convert = (nic: object, kind: string, distro = "debian"): string => {
    const [seed, out] = [written(folder, guest("dns1", nic)), mkdtempSync(join(folder, "converted-"))];
    const from = ["--network-data", join(seed, "network-config"), "--kind", "yaml"];
    const to = ["--output-kind", kind, "--distro", distro, "--directory", out];
    const ran = runHere("cloud-init", ["devel", "net-convert", ...from, ...to]);
    if (ran.status !== 0) throw new Error(ran.stderr);
    return readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  };

  test("renders for netplan the addresses, found by MAC, and both gateways, IPv4's on link", () => {
    const text = convert(DUAL, "netplan").replaceAll(/\s+/g, " ");
    expect(text).toContain("match: macaddress: '52:54:00:12:34:56'");
    expect(text).toContain("addresses: - 2001:db8:0:1::53/128 - 192.0.2.53/32");
    expect(text).toContain("gateway6: fe80::1");
    expect(text).toContain("routes: - on-link: true to: 0.0.0.0/0 via: 169.254.0.1");
    expect(text).toContain("nameservers: addresses: - 2001:db8::53 search: - example.org");
  });

  test.each([
    [
      "networkd",
      "debian",
      ["Address=2001:db8:0:1::80/128", "Gateway=fe80::1", "MACAddress=52:54:00:12:34:80"],
    ],
    ["eni", "debian", ["address 2001:db8:0:1::80/128", "gateway fe80::1"]],
    ["sysconfig", "centos", ["IPV6ADDR=2001:db8:0:1::80/128", "IPV6_DEFAULTGW=fe80::1"]],
  ])("renders for %s an IPv6-only guest's address and gateway", (kind, distro, lines) => {
    const text = convert(IPV6, kind, distro);
    for (const line of lines) expect(text).toContain(line);
    expect(text).toContain("2001:db8::53");
    expect(text).not.toContain("::/64");
  });

  test.each([
    ["networkd", "debian", ["Address=192.0.2.53/32", "Gateway=169.254.0.1", "Gateway=fe80::1"]],
    ["eni", "debian", ["address 192.0.2.53/32", "gw 169.254.0.1", "gateway fe80::1"]],
    ["sysconfig", "centos", ["IPADDR=192.0.2.53", "NETMASK=255.255.255.255", "GATEWAY=169.254.0.1"]],
  ])("renders for %s both families", (kind, distro, lines) => {
    const text = convert(DUAL, kind, distro);
    for (const line of lines) expect(text).toContain(line);
  });

  const TRUNK = {
    ...{ type: "bridge", bridge: "br0", trunk: [100, 200], mac: "52:54:00:12:34:10" },
    vlanAddresses: {
      100: { addresses: ["10.0.100.5/24"], gateway: "10.0.100.1" },
      200: { addresses: "dhcp" },
    },
  };
  test.each([
    ["netplan", ["eth0.100:", "id: 100", "link: eth0", "- 10.0.100.5/24", "via: 10.0.100.1"]],
    ["eni", ["vlan-raw-device eth0", "vlan_id 100", "address 10.0.100.5/24", "iface eth0.200 inet dhcp"]],
  ])("renders for %s the VLAN devices of a trunk", (kind, lines) => {
    const text = convert(TRUNK, kind);
    for (const line of lines) expect(text).toContain(line);
  });

  test("takes the user-data that is written where a profile gives none", () => {
    const file = join(written(folder, guest("dns1", DUAL)), "user-data");
    const ran = runHere("cloud-init", ["schema", "--config-file", file]);
    // "Valid cloud-config: FILE" in 22.4, "Valid schema FILE" in 25.1.
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Valid [\w-]+:? \S+\n$/) });
    expect(ran.stdout).toContain(file);
  });

  test("finds its seed by the volume's label, with the three files in it, byte for byte", () => {
    const [profile, image] = [join(folder, "guest.json"), join(folder, "seed.iso")];
    const userData = "#cloud-config\r\nhostname: ä\n\n";
    writeFileSync(join(folder, "my user-data"), userData);
    const cloudInit = { ...DNS, userData: "my user-data" };
    writeFileSync(profile, JSON.stringify({ ...guest("dns1", DUAL), cloudInit }));
    expect(genxml(["cloud-init", profile, "--iso", image])).toMatchObject({
      status: 0,
      stdout: "",
      stderr: "",
    });
    const blkid = runHere("blkid", ["-o", "value", "-s", "LABEL", image]);
    expect(blkid.stdout).toBe("cidata\n");
    const read = (name: string): string => runHere("isoinfo", ["-R", "-i", image, "-x", `/${name}`]).stdout;
    expect(read("user-data")).toBe(userData);
    const seed = written(folder, guest("dns1", DUAL));
    for (const name of ["meta-data", "network-config"]) {
      expect(read(name)).toBe(readFileSync(join(seed, name), "utf8"));
    }
  });

  // PyYAML reads "no" as false and 52:54:00:12:34:56 as a number of base 60, unless they are quoted.
  test("reads every value as the text that it is", () => {
    const nic = { ...DUAL, addresses: ["1:2:3:4:5:6:7:8", "192.0.2.53"] };
    const cloudInit = { hostname: "1e3", instanceId: "0777", dns: { search: ["no", "0x1f", "1.5"] } };
    const seed = written(folder, { ...guest("no", nic), cloudInit });
    const script =
      "import json, sys, yaml; print(json.dumps([yaml.safe_load(open(f)) for f in sys.argv[1:]]))";
    const files = ["meta-data", "network-config"].map((name) => join(seed, name));
    const { stdout } = runHere("python3", ["-c", script, ...files]);
    expect(JSON.parse(stdout)).toMatchObject([
      { "instance-id": "0777", "local-hostname": "1e3" },
      {
        ethernets: {
          eth0: {
            match: { macaddress: "52:54:00:12:34:56" },
            addresses: ["1:2:3:4:5:6:7:8/128", "192.0.2.53/32"],
            nameservers: { search: ["no", "0x1f", "1.5"] },
          },
        },
      },
    ]);
  });
});

const NEEDS = ["nft-inet", "libvirt"] as const;

describeInLab("guests that are configured by genxml's ifupdown file", NEEDS, () => {
  let on: RoutedHost;
  let upstream: Machine;
  let libvirt: Libvirt;

  beforeAll(async () => {
    on = await openRoutedHost(NEEDS);
    ({ upstream, libvirt } = on);
    await launchConfigured(libvirt, "dns1", [DUAL]);
    await launchConfigured(libvirt, "web6", [IPV6]);
  });
  afterAll(async () => {
    await on.lab.close();
  });

  describe.each([
    ["dns1", DUAL, ["default via 169.254.0.1 dev eth0", "169.254.0.1 dev eth0 scope link"]],
    ["web6", IPV6, []],
  ] as const)("%s", (name, nic, ipv4) => {
    test("has exactly its addresses", async () => {
      const { stdout } = await libvirt.guest(name).sh("ip addr show dev eth0");
      const own = [...stdout.matchAll(/inet6? (\S+) .*scope global/g)].map((match) => match[1]);
      const expected = nic.addresses.map((one) => `${one}/${one.includes(":") ? "128" : "32"}`);
      expect(own.sort()).toEqual(expected.sort());
    });

    test("has exactly its routes", async () => {
      const { stdout } = await libvirt.guest(name).sh("ip route; ip -6 route show default");
      const routes = stdout.split("\n").map((line) => line.replace(/ metric.*/, "").trimEnd());
      expect(routes.filter((line) => line !== "")).toEqual([...ipv4, "default via fe80::1 dev eth0"]);
    });

    test("reaches upstream, and upstream reaches it", async () => {
      for (const address of nic.addresses) {
        const to = address.includes(":") ? "2001:db8:ff::1" : "198.51.100.1";
        expect(await reaches(libvirt.guest(name), to)).toBe(true);
        expect(await answers(upstream, address)).toBe(true);
      }
    });
  });
});
