import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, type Ran } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { openTwoPeers, PEER_NEEDS } from "./stage/hosts/two-peers.ts";

const HOOK = "/etc/libvirt/hooks/qemu";

describeInLab("guestnet on another host, by ssh", PEER_NEEDS, () => {
  let lab: Lab;
  let h1: Machine;
  let h2: Machine;
  let two: Libvirt;

  const hosts = ["qemu+ssh://root@h2/system", "qemu+ssh://root@h3/system"] as const;
  /** Asks h2, and h3, which does not answer. */
  const onBoth = (command: string, ...args: readonly string[]): Promise<Ran> =>
    guestnetOn(h1, command, ...hosts.flatMap((uri) => ["--host", uri]), "--timeout", "20", ...args);
  const onH2 = (command: string, ...args: readonly string[]): Promise<Ran> =>
    guestnetOn(h1, command, "--host", hosts[0], "--timeout", "20", ...args);
  const damage = (): Promise<string> =>
    h2.sh("ip route del 192.0.2.80 dev web1-0; sysctl -qw net.ipv4.conf.web1-0.rp_filter=0");

  beforeAll(async () => {
    ({ lab, h1, h2 } = await openTwoPeers());
    await h1.sh("echo 10.0.0.3 h3 >>/etc/hosts; ip route add prohibit 10.0.0.3");
    two = await h2.libvirt();
    expect(await onH2("install")).toMatchObject({ code: 0, stderr: "" });
    await launch(two, "web1", bare("web1", [{ type: "routed", addresses: ["192.0.2.80", "2001:db8::80"] }]));
  });
  afterEach(async () => {
    await h2.sh(`umount /etc/libvirt/hooks 2>/dev/null || true; rm -f /run/slow`);
    await guestnetOn(h2, "apply", "--yes");
  });
  afterAll(async () => {
    await lab.close();
  });

  test("install puts the hook in place, tests it there and reloads the daemon; a host without an answer has its row", async () => {
    const ran = await onBoth("install");
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(ran.stdout).toMatch(
      /^HOST +RESULT\nh2 +installed\n[^]*already this version\n[^]*self-test[^]*\nh3 +failed\n {2}cannot connect to h3: .+\n {2}hint: .+\n$/,
    );
  });

  test("doctor sees there what it sees on the host itself", async () => {
    const there = JSON.parse((await onH2("doctor", "--json")).stdout) as { readonly findings: object[] };
    const own = JSON.parse((await guestnetOn(h2, "doctor", "--json")).stdout) as {
      readonly findings: object[];
    };
    expect(there.findings).toEqual(own.findings.map((finding) => ({ host: "h2", ...finding })));
  });

  test("plan shows the commands that the host itself would show, and apply runs them", async () => {
    await damage();
    const own = await guestnetOn(h2, "plan");
    const planned = await onBoth("plan");
    expect([own.code, planned.code]).toEqual([2, 1]);
    for (const line of own.stdout.trimEnd().split("\n")) expect(planned.stdout).toContain(line);
    const applied = await onH2("apply", "--yes");
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nh2 +\d+ commands? run\n$/) });
    expect(await guestnetOn(h2, "plan")).toMatchObject({ code: 0 });
    expect(await onH2("apply", "--yes")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("nothing to do"),
    });
  });

  test("diagram is the picture of that host", async () => {
    const { code, stdout } = await onH2("diagram");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/<svg[^]*h2[^]*web1/)]);
  });

  test("ssh that is killed in the middle of a repair is reported, and the repair ends by itself", async () => {
    await damage();
    // ip waits there until ssh is dead, so that it dies in the middle for certain.
    await h2.sh(`touch /run/slow; mkdir -p /usr/local/sbin; mount -t tmpfs tmpfs /usr/local/sbin
      printf '#!/bin/sh\\ncase "$*" in *json*) ;; *) touch /run/begun; while [ -e /run/slow ]; do sleep 0.05; done;; esac\\nexec /usr/sbin/ip "$@"\\n' >/usr/local/sbin/ip
      chmod 755 /usr/local/sbin/ip`);
    const applying = onBoth("apply", "--yes");
    await h2.sh("until [ -e /run/begun ]; do sleep 0.05; done");
    await h1.sh(
      "ps -e -o pid=,args= | awk '/[g]uestnet-ssh/ {print $1}' | xargs -r kill -9 2>/dev/null || true",
    );
    const ran = await applying;
    await h2.sh("rm -f /run/slow");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stdout).toMatch(/\nh2 +failed\n {2}lost the connection to h2.*\n/);
    await h2.sh(
      "n=0; until ip route show 192.0.2.80 | grep -q web1-0; do n=$((n + 1)); [ $n -lt 100 ]; sleep 0.05; done",
    );
    await h2.sh("umount -l /usr/local/sbin");
    expect((await guestnetOn(h2, "status")).code).toBe(0);
  });

  test("a full disk keeps the old hook, and leaves nothing behind", async () => {
    await h2.sh(`mkdir -p /run/full; mount -t tmpfs -o size=64k tmpfs /run/full; echo '#!/bin/sh' >/run/full/qemu
      sed -n 2,5p ${HOOK} >>/run/full/qemu; chmod 755 /run/full/qemu; mount --move /run/full /etc/libvirt/hooks`);
    const before = await h2.sh(`ls -A /etc/libvirt/hooks; cat ${HOOK}`);
    const ran = await onH2("install");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stdout).toContain(`cannot write ${HOOK} on h2: no space left on device`);
    expect(await h2.sh(`ls -A /etc/libvirt/hooks; cat ${HOOK}`)).toBe(before);
  });

  test("push shows what it would define, defines it once, and starts nothing; a broken profile stops it before", async () => {
    const nic = { type: "routed", addresses: ["192.0.2.90"] };
    const profile = (name: string, more: object = {}): string =>
      JSON.stringify({ name, memory: "64 MiB", virtType: "qemu", interfaces: [nic], ...more });
    await h1.writeFile("/run/site/h2/db1.json", profile("db1"));
    const push = (...args: readonly string[]): Promise<Ran> => onH2("push", "/run/site", ...args);
    expect(await push("--dry-run")).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/\nh2 +1 guest to define, 0 as defined\n {2}\+ guest db1: new\n$/),
    });
    expect((await two.virsh("domstate", "db1")).code).not.toBe(0);
    expect(await push("--yes")).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 guest defined/) });
    expect((await two.virsh("domstate", "db1")).stdout).toContain("shut off");
    expect(await push("--dry-run")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("nothing to do, 1 guest as defined"),
    });
    await h1.writeFile("/run/site/h2/db1.json", profile("db1", { memory: "96 MiB" }));
    const changed = await push("--dry-run");
    expect([changed.code, changed.stdout]).toEqual([
      2,
      expect.stringMatching(/~ guest db1\n {4}- memory: 65536\n {4}\+ memory: \d+\n/),
    ]);
    await h1.writeFile("/run/site/h2/bad.json", profile("bad", { memory: "none" }));
    const broken = await push("--yes");
    expect([broken.code, broken.stdout]).toEqual([1, ""]);
    expect(broken.stderr).toContain("bad.json:1:");
    expect((await two.virsh("dumpxml", "db1")).stdout).toContain("65536");
  });

  test("uninstall takes the hook away, and install brings it back", async () => {
    expect(await onH2("uninstall")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`removed ${HOOK}`),
    });
    expect(await h2.sh(`ls ${HOOK} 2>/dev/null || true`)).toBe("");
    expect(await onH2("install")).toMatchObject({ code: 0 });
  });
});
