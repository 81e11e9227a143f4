import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Suite } from "../fresh/bootstrap.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { configureNetwork } from "./stage/host-network.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** What ends guests when the host shuts down, how it is set up, and whether it saves them. */
interface Way {
  readonly way: string;
  readonly setUp: string;
  readonly saves: boolean;
  /** What must be gone before the host's network is. */
  readonly gone: RegExp;
}

const GUEST_AND_NETWORK = /web1|192\.0\.2\.1\b|2001:db8::1\b|qemu-system/;
/** systemd ends it at the same time as libvirtd, which may be gone before it can call the hook. */
const GUEST_ALONE = /qemu-system/;

const guests = (...settings: readonly string[]): string =>
  `printf '%s\\n' ${settings.join(" ")} >/etc/default/libvirt-guests\nsystemctl enable --now libvirt-guests`;
const DOES_NOT_WAIT = guests("ON_SHUTDOWN=shutdown", "SHUTDOWN_TIMEOUT=5");

/** By default logind waits 5 s for libvirt, and then systemd ends QEMU (logind.conf(5), InhibitDelayMaxSec). */
const own = (setting: string): string => `${DOES_NOT_WAIT}
systemctl disable --now libvirt-guests
sed -i /^auto_shutdown/d /etc/libvirt/qemu.conf
echo '${setting}' >>/etc/libvirt/qemu.conf
mkdir -p /etc/systemd/logind.conf.d
printf '[Login]\\nInhibitDelayMaxSec=120\\n' >/etc/systemd/logind.conf.d/50-guests.conf
systemctl restart systemd-logind libvirtd
until systemd-inhibit --list --no-pager | grep -q libvirtd; do virsh list >/dev/null; sleep 1; done`;

const BY_LIBVIRT_GUESTS: readonly Way[] = [
  {
    way: "libvirt-guests, for a guest that does not shut down in time",
    setUp: DOES_NOT_WAIT,
    saves: false,
    gone: GUEST_ALONE,
  },
  {
    way: "libvirt-guests, which saves it",
    setUp: guests("ON_SHUTDOWN=suspend"),
    saves: true,
    gone: GUEST_AND_NETWORK,
  },
];

/** From libvirt 11.2 on the daemon does it, where libvirt-guests is off (qemu.conf, auto_shutdown_poweroff). */
const BY_THE_DAEMON: readonly Way[] = [
  {
    way: "the daemon, which powers it off",
    setUp: own('auto_shutdown_poweroff = "all"'),
    saves: false,
    gone: GUEST_AND_NETWORK,
  },
  {
    way: "the daemon, which saves it",
    setUp: own('auto_shutdown_try_save = "persistent"'),
    saves: true,
    gone: GUEST_AND_NETWORK,
  },
];

const WAYS: Readonly<Record<Suite, readonly Way[]>> = {
  bookworm: BY_LIBVIRT_GUESTS,
  trixie: [...BY_LIBVIRT_GUESTS, ...BY_THE_DAEMON],
};

/** Looks at the network when libvirt has stopped and the network manager has not. */
const WITNESS = `[Unit]
After=networking.service network.target
Before=libvirtd.service libvirt-guests.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=true
ExecStop=sh -c '{ ip -o link; ip route; ip -6 route; nft list ruleset; } >/var/log/witness; pgrep -a qemu-system >>/var/log/witness; ls /var/lib/libvirt/qemu/save >/var/log/saved; sync'
[Install]
WantedBy=multi-user.target
`;

describeOnHosts("the shutdown of a host with a running guest", (release) => {
  let host: OneHost;
  let right: string;
  beforeAll(async () => {
    host = await openHost(release);
    const libvirt = await host.libvirt();
    expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("autostart", "web1")).toMatchObject({ code: 0 });
    // It takes its bridges away when it stops, as no other does.
    await configureNetwork(host, "ifupdown2");
    await installGuestnet(host);
    await host.writeFile("/etc/systemd/system/witness.service", WITNESS);
    await host.sh("systemctl enable witness");
    await host.reboot();
    await becomes(running, "web1");
    right = await stateOfTaps(host, TAPS);
    expect(right).toContain("web1-0 20 PVID Egress Untagged");
  });
  afterAll(() => host.close());

  const running = async (): Promise<string> =>
    (await (await host.libvirt()).virsh("list", "--name")).stdout.trim();

  describe.each(WAYS[release.suite])("by $way", ({ setUp, saves, gone }) => {
    test("the guest is gone before the host's network, and the hook reports no error", async () => {
      await host.sh(setUp);
      expect(await running()).toBe("web1");
      await host.reboot();
      expect(await host.sh("cat /var/log/saved")).toBe(saves ? "web1.save\n" : "");
      const seen = await host.sh("cat /var/log/witness; rm /var/log/witness");
      expect(seen).toMatch(/: br0: /);
      expect(seen).not.toMatch(gone);
      expect(await host.sh("journalctl --boot=-1 --no-pager | grep guestnet: || true")).toBe("");
    });

    test("after the boot the guest runs, and is right", async () => {
      await becomes(running, "web1");
      await becomes(() => stateOfTaps(host, TAPS), right);
      expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
    });
  });
});
