import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, type Ran } from "../lab/lab.ts";
import { openControlledHosts } from "./stage/hosts/controlled-hosts.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { until } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const NAMES = ["h1", "h2"] as const;
const URIS = NAMES.map((name) => `qemu+ssh://root@${name}/system`);

/** What stands in front of a program on a host: it begins to change something, and never ends. */
const stuck = (program: string, reads: string): string =>
  `printf '#!/bin/sh\\ncase "$*" in ${reads}) exec /usr/%s "$@";; esac\\ntouch /run/begun-%s\\nexec sleep 1000\\n' ${program} "$(basename ${program})" >/usr/local/sbin/$(basename ${program})
   chmod 755 /usr/local/sbin/$(basename ${program})`;

describeInLab("a host that dies in the middle of guestnet apply and push over several hosts", NEEDS, () => {
  let lab: Lab;
  let controller: Machine;
  let dying: Machine;
  let other: Machine;
  let libvirt: Libvirt;
  let applied: Ran;
  let pushed: Ran;

  const onBoth = (command: string, ...args: readonly string[]): Promise<Ran> =>
    guestnetOn(controller, command, ...args, ...URIS.flatMap((uri) => ["--host", uri]), "--timeout", "8");

  beforeAll(async () => {
    const made = await openControlledHosts(NEEDS, NAMES);
    ({ lab, controller } = made);
    const [first, second] = made.hosts;
    if (first === undefined || second === undefined) throw new Error("two hosts were asked for");
    [dying, other] = [first, second];
    for (const [at, host] of made.hosts.entries()) {
      const n = String(at + 1);
      await installHook(host);
      libvirt = await host.libvirt();
      const xml = bare(`web${n}`, [{ type: "routed", addresses: [`192.0.2.${n}`, `2001:db8::${n}`] }]);
      await launch(libvirt, `web${n}`, xml);
      await host.sh(`ip route del 192.0.2.${n} dev web${n}-0; ip -6 route del 2001:db8::${n} dev web${n}-0`);
      await controller.writeFile(
        `/run/site/h${n}/db${n}.json`,
        JSON.stringify({
          ...{ name: `db${n}`, memory: "64 MiB", virtType: "qemu" },
          interfaces: [{ type: "routed", addresses: [`192.0.2.10${n}`] }],
        }),
      );
    }
    await dying.sh(`mkdir -p /usr/local/sbin; mount -t tmpfs tmpfs /usr/local/sbin
      ${stuck("sbin/ip", "*json*")}\n${stuck("bin/virsh", "*list*|*dumpxml*|*dom*|uri")}`);
    const both = Promise.all([onBoth("apply", "--yes"), onBoth("push", "/run/site", "--yes")]);
    await until(dying, "[ -e /run/begun-ip ] && [ -e /run/begun-virsh ]");
    await lab.cutPower(dying);
    [applied, pushed] = await both;
  });
  afterAll(async () => {
    await lab.close();
  });

  test("apply repairs the other host whole, and says what can be true of this one", async () => {
    expect(applied).toMatchObject({ code: 1, stderr: "" });
    expect(applied.stdout).toMatch(
      /^HOST +RESULT\nh1 +failed\n {2}lost the connection to h1.*; the repair of a NIC that has begun there runs to its end\n {2}hint: guestnet plan --host qemu\+ssh:\/\/root@h1\/system\nh2 +2 commands run\n$/,
    );
    expect(await guestnetOn(other, "plan")).toMatchObject({ code: 0 });
  });

  test("push defines the guests of the other host, and says what can be true of this one's", async () => {
    expect(pushed).toMatchObject({ code: 1, stderr: "2 profiles: 0 errors, 0 warnings\n" });
    expect(pushed.stdout).toMatch(
      /^HOST +RESULT\nh1 +failed\n {2}lost the connection to h1.*; each of its guests is defined as before or as in its profile\n {2}hint: guestnet push PATH\.\.\. --dry-run --host qemu\+ssh:\/\/root@h1\/system\nh2 +1 guest defined\n {2}\+ guest db2: new\n$/,
    );
    expect((await libvirt.virsh("domstate", "db2")).stdout).toContain("shut off");
  });

  test("what is done once more changes nothing, and says that this host does not answer", async () => {
    const again = await Promise.all([onBoth("apply", "--yes"), onBoth("push", "/run/site", "--yes")]);
    for (const { code, stdout } of again) {
      expect([code, stdout]).toEqual([1, expect.stringMatching(/\nh1 +failed\n {2}cannot connect to h1: /)]);
      expect(stdout).toMatch(/\nh2 +nothing to do/);
    }
    expect(await controller.sh("ls -d /run/guestnet-ssh-* 2>/dev/null || true")).toBe("");
  });
});
