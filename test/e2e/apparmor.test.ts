import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLabOnEngines } from "../lab/describe-on-engines.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";

const NEEDS = ["apparmor", "vlan-filtering", "nft-bridge", "libvirt"] as const;

// This kernel's nft has no inet family: the routed NIC does without the source check.
const NICS = [
  { type: "bridge", bridge: "br0", vlan: 20, addresses: ["10.0.20.5/24", "2001:db8:20::5/64"] },
  { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], antispoof: false },
];

/** Stands before ip: writes down under which profile itself and each of its ancestors runs, up to libvirtd. */
const WITNESS = `#!/bin/sh
case $(cat /proc/$PPID/comm) in node | qjs) ;; *) exec /run/ip "$@" ;; esac
: >/run/labels
p=$$
while name=$(cat /proc/$p/comm) && echo "$name: $(cat /proc/$p/attr/current)" >>/run/labels && [ "$name" != libvirtd ]; do
  p=$(sed -n 's/^PPid:\\t//p' /proc/$p/status)
  [ "$p" -gt 1 ] || break
done
exec /run/ip "$@"
`;

/** A hook beside ours that tries what the profile forbids, and what it allows. */
const INTRUDER = `#!/bin/sh
[ "$2" = start ] || exit 0
exec 2>/run/denied
/usr/local/bin/elsewhere
echo oops >/etc/apparmor.d/libvirt/intruder
echo fine >/run/allowed
exit 0
`;

describeInLabOnEngines("libvirtd under its AppArmor profile", NEEDS, (engine) => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let before: string;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.writeFile("/run/witness", WITNESS, 0o755);
    await host.writeFile("/etc/libvirt/hooks/qemu.d/50-intruder", INTRUDER, 0o755);
    await host.sh(`
      mount -t securityfs securityfs /sys/kernel/security
      apparmor_parser --replace --skip-cache /etc/apparmor.d/usr.sbin.libvirtd
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 mcast_snooping 0; ip link set br0 up
      ip=$(readlink -f "$(command -v ip)")
      cp "$ip" /run/ip; mount --bind /run/witness "$ip"
      mount -t tmpfs tmpfs /usr/local/bin
      printf '#!/bin/sh\\necho elsewhere >/run/elsewhere\\n' >/usr/local/bin/elsewhere; chmod 755 /usr/local/bin/elsewhere`);
    await installHook(host, engine);
    libvirt = await host.libvirt();
    before = await withoutTable();
  });
  afterAll(async () => {
    await lab.close();
  });

  /** The rules are static and stay; what is in their sets is a guest's. */
  const withoutTable = async (): Promise<string> => {
    expect(await host.sh("nft list ruleset")).not.toContain("10.0.20.5");
    return (await network(host)).replace(/^table bridge guestnet \{[^]*?^\}\n/m, "").trim();
  };
  const lives = async (name: string): Promise<void> => {
    await launch(libvirt, name, bare(name, NICS));
    expect(await vlans(host, `${name}-0`)).toEqual(["20 PVID Egress Untagged"]);
    expect(await host.sh("nft list ruleset")).toContain("10.0.20.5");
    expect(await host.sh("ip route show proto 76")).toContain(`192.0.2.1 dev ${name}-1`);
    expect(
      (
        await host.sh(
          `cat /proc/sys/net/ipv6/conf/${name}-0/disable_ipv6 /proc/sys/net/ipv6/conf/${name}-1/accept_ra`,
        )
      ).split("\n"),
    ).toEqual(["1", "0", ""]);
    expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await withoutTable()).toBe(before);
  };

  test("libvirtd is confined by the profile that Debian ships", async () => {
    expect(await host.sh("cat /proc/$(cat /run/libvirtd.pid)/attr/current")).toBe("libvirtd (enforce)\n");
  });

  test("the hook sets both kinds of NIC, with ip, bridge, nft and /proc/sys", () => lives("a"));

  test("the profile is enforced: it forbids a hook to run what is elsewhere, and to write profiles", async () => {
    const denied = await host.sh("cat /run/denied");
    expect(denied).toMatch(/\/usr\/local\/bin\/elsewhere: Permission denied/);
    expect(denied).toMatch(/\/etc\/apparmor.d\/libvirt\/intruder: Permission denied/);
    expect(await host.sh("cat /run/allowed; ls /run/elsewhere 2>/dev/null || true")).toBe("fine\n");
    // Without the profile nothing of it is forbidden.
    await host.sh("/etc/libvirt/hooks/qemu.d/50-intruder a start; cat /run/elsewhere");
  });

  test("the filter stays in the profile, the engine and the tools leave it", async () => {
    expect((await host.sh("cat /run/labels")).trim().split("\n")).toEqual([
      "ip: unconfined",
      `${engine.name === "QuickJS" ? "qjs" : "node"}: unconfined`,
      "timeout: unconfined",
      "qemu: libvirtd (enforce)",
      "libvirtd: libvirtd (enforce)",
    ]);
  });

  test("from qemu.d, too", async () => {
    await host.sh("mv /etc/libvirt/hooks/qemu /etc/libvirt/hooks/qemu.d/guestnet");
    await lives("b");
  });

  test("an engine in /usr/local is started all the same: timeout has left the profile", async () => {
    const elsewhere = { ...engine, path: `/usr/local/bin/${engine.name === "QuickJS" ? "qjs" : "node"}` };
    await host.sh(`: >${elsewhere.path}; mount --bind ${engine.path} ${elsewhere.path}`);
    await installHook(host, elsewhere, "/etc/libvirt/hooks/qemu.d/guestnet");
    await lives("c");
  });
});
