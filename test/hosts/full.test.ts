import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bare } from "../e2e/stage/guest/generate.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

const SECOND = bare("web2", [
  { type: "bridge", bridge: "br0", vlan: 21, tap: "web2-0" },
  { type: "routed", addresses: ["192.0.2.2", "2001:db8::2"], tap: "web2-1" },
]);
const SECOND_TAPS = ["web2-0", "web2-1"] as const;

/** Makes each directory a file system in memory, with what is in it. */
const OWN_FILE_SYSTEMS = `systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd
  for directory in /var /run/guestnet; do
    mkdir -p /mnt$directory && mount -t tmpfs -o size=1g copy /mnt$directory
    cp -a $directory/. /mnt$directory/ && mount --bind /mnt$directory $directory
  done
  systemctl start libvirtd.socket libvirtd-ro.socket libvirtd`;
/** Leaves it no byte of space, as writing everything full would, and at once. */
const FILL = (directory: string): string =>
  `sync; mount -o remount,size=$(df --output=used -k ${directory} | tail -n 1 | tr -d ' ')k ${directory}
  if { echo x >${directory}/no-space; } 2>/dev/null; then echo "${directory} has space"; exit 1; fi`;
const FREE = (directory: string): string =>
  `mount -o remount,size=1g ${directory}; rm -f ${directory}/no-space`;

/** With a full /run or /var libvirt itself may fail, in its own words; with this it works, and only the hook has no space. */
const OF_THE_HOOK = "/run/guestnet";

describeOnHosts("a host without space", (release) => {
  let host: OneHost;
  let right: string;
  beforeAll(async () => {
    host = await openHost(release);
    await bridgeByNetworkd(host);
    await installGuestnet(host);
    await host.sh(OWN_FILE_SYSTEMS);
    const libvirt = await host.libvirt();
    for (const xml of [GUEST, SECOND]) expect(await libvirt.define(xml)).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    right = await stateOfTaps(host, TAPS);
  });
  afterAll(() => host.close());

  /** All that a guest's network has, whoever made it. */
  const leftOf = (name: string, octet: number): Promise<string> =>
    host.sh(`{ ip -o link; bridge -o link; ip route; ip -6 route; nft list ruleset; } |
      grep -E '${name}-|192\\.0\\.2\\.${octet}\\b|2001:db8::${octet}\\b' || true`);

  const bothStart = async (): Promise<void> => {
    const libvirt = await host.libvirt();
    for (const name of ["web1", "web2"]) await libvirt.virsh("destroy", name);
    for (const name of ["web1", "web2"])
      expect(await libvirt.virsh("start", name)).toMatchObject({ code: 0, stderr: "" });
    expect(await stateOfTaps(host, TAPS)).toBe(right);
  };

  describe.each([OF_THE_HOOK, "/run", "/var"])("in %s", (directory) => {
    beforeAll(async () => {
      await host.sh(`virsh destroy web2 || true\n${FILL(directory)}`);
    });

    test("the hook fails no start, and leaves nothing of one that libvirt fails", async () => {
      const libvirt = await host.libvirt();
      const { code, stderr } = await libvirt.virsh("start", "web2");
      expect(stderr).not.toContain("Hook script");
      if (directory === OF_THE_HOOK) expect(code).toBe(0);
      if (code === 0)
        expect(await stateOfTaps(host, SECOND_TAPS)).toContain("web2-0 21 PVID Egress Untagged");
      else expect(await leftOf("web2", 2)).toBe("");
      expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
    });

    test("guestnet finds drift and repairs it", async () => {
      await host.sh("bridge vlan del dev web1-0 vid 20; ip route del 192.0.2.1/32 dev web1-1");
      expect(await guestnet(host, "plan")).toMatchObject({ code: 2 });
      expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
      expect(await stateOfTaps(host, TAPS)).toBe(right);
    });

    test("a guest that ends leaves nothing", async () => {
      const libvirt = await host.libvirt();
      expect(await libvirt.virsh("destroy", "web1")).toMatchObject({ code: 0 });
      await becomes(() => leftOf("web1", 1), "");
    });

    test("with space again plan is empty, and both guests start and are right", async () => {
      await host.sh(FREE(directory));
      expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
      await bothStart();
      expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
    });
  });
});
