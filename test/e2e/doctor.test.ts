import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { becomes, until } from "./stage/until.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;

interface Shown {
  readonly errors: number;
  readonly findings: readonly { readonly kind: string; readonly check: string; readonly fix?: string }[];
}

describeInLab("guestnet doctor, on a real host", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  const ills = async (): Promise<Shown["findings"]> => {
    const { stdout } = await guestnetOn(host, "doctor", "--json");
    return (JSON.parse(stdout) as Shown).findings.filter(({ kind }) => kind !== "ok");
  };
  const checks = async (): Promise<readonly string[]> => (await ills()).map(({ check }) => check);

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    const physical = await lab.machine("switch");
    await lab.wire(host, "up0", physical, "eth0");
    // Where br_netfilter is loaded it is on in every new network namespace.
    await host.sh("for f in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $f ] || echo 0 >$f; done");
    await host.sh(`ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0
      ip link set br0 up; ip link set up0 master br0; bridge vlan add dev up0 vid 20`);
    libvirt = await host.libvirt();
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    expect(await libvirt.define(bare("web1", [{ type: "bridge", bridge: "br0", vlan: 20 }]))).toMatchObject({
      code: 0,
    });
    // The daemon looks for hooks some time after it was told to; a guest that starts before has no VLAN.
    await until(
      host,
      `virsh -q start web1; bridge vlan show dev web1-0 | grep 20 || { virsh -q destroy web1; false; }`,
    );
  });
  afterAll(async () => {
    await lab.close();
  });

  test("finds nothing where all is well, the daemon that was told included", async () => {
    expect(await ills()).toEqual([]);
    expect(await guestnetOn(host, "doctor")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 errors, 0 warnings, \d+ ok\n$/),
    });
    const { stdout } = await guestnetOn(host, "doctor", "--verbose");
    expect(stdout).toMatch(/^ok +hook: /m);
    expect(Number(/(\d+) ok\n$/.exec(stdout)?.[1])).toBe(stdout.match(/^ok /gm)?.length);
  });

  test("its fixes for bridges and uplinks work as pasted", async () => {
    await host.sh(`ip link set br0 type bridge vlan_default_pvid 1 stp_state 1; bridge vlan del dev up0 vid 20
      ip link add link up0 name up0.20 type vlan id 20`);
    const found = await ills();
    expect(found.map(({ check }) => check)).toEqual([
      "bridge br0",
      "bridge br0",
      "uplinks of br0",
      "VLAN 20 of br0",
    ]);
    for (const { fix = "" } of found) await host.sh(fix);
    expect(await checks()).toEqual([]);
  });

  test("a hook that lost its x bit, or its engine, is found", async () => {
    await host.sh("chmod -x /etc/libvirt/hooks/qemu");
    expect(await ills()).toEqual([
      expect.objectContaining({ kind: "error", check: "hook", fix: "guestnet install" }),
    ]);
    await host.sh(
      "chmod +x /etc/libvirt/hooks/qemu; sed -i 's,^engine=.*,engine=/no/qjs,; s,^  export PATH=.*,  export PATH=/no,' /etc/libvirt/hooks/qemu",
    );
    expect(await checks()).toContain("hook");
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    await becomes(checks, []);
  });

  test("without a daemon it still examines the rest", async () => {
    await libvirt.stop();
    const found = await ills();
    expect(found).toEqual([expect.objectContaining({ kind: "error", check: "libvirt" })]);
    expect((await guestnetOn(host, "doctor")).code).toBe(2);
  });
});

const OLD_KERNEL = ["apparmor", "nft-bridge", "libvirt"] as const;

// Where AppArmor is, nft has the bridge family alone (test/lab/README.md).
describeInLab("guestnet doctor, on a kernel whose nftables has no inet family", OLD_KERNEL, () => {
  let lab: Lab;
  let host: Machine;

  beforeAll(async () => {
    lab = await openLab(OLD_KERNEL);
    host = await lab.machine("host");
    const libvirt = await host.libvirt();
    const routed = bare("r1", [{ type: "routed", addresses: ["2001:db8::1"] }]);
    expect(await libvirt.define(routed)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await lab.close();
  });

  test("the table is tried, and a guest that needs it makes that an error", async () => {
    const { stdout } = await guestnetOn(host, "doctor", "--json");
    const { findings } = JSON.parse(stdout) as Shown;
    expect(findings.filter(({ check }) => check.startsWith("nft table"))).toEqual([
      expect.objectContaining({ kind: "error", check: "nft table inet" }),
      expect.objectContaining({ kind: "ok", check: "nft table bridge" }),
    ]);
    expect(await host.sh("nft list tables")).toBe("");
  });
});
