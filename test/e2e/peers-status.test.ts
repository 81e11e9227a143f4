import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, type Ran } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { openTwoPeers, PEER_NEEDS } from "./stage/hosts/two-peers.ts";

const HERE = "qemu:///system";
const THERE = "qemu+ssh://root@h2/system";
const routed = (...addresses: readonly string[]): object => ({ type: "routed", addresses });

describeInLab("guestnet status over two hosts, by ssh", PEER_NEEDS, () => {
  let lab: Lab;
  let h1: Machine;
  let h2: Machine;
  let one: Libvirt;
  let two: Libvirt;

  const status = (...args: readonly string[]): Promise<Ran> =>
    guestnetOn(h1, "status", "--host", HERE, "--host", THERE, ...args);
  const last = ({ stdout }: Ran): string => stdout.trimEnd().split("\n").at(-1) ?? "";

  beforeAll(async () => {
    ({ lab, h1, h2 } = await openTwoPeers());
    for (const host of [h1, h2]) await installHook(host);
    [one, two] = [await h1.libvirt(), await h2.libvirt()];
    await launch(one, "dns1", bare("dns1", [routed("192.0.2.53", "2001:db8::53")]));
    await launch(two, "web1", bare("web1", [routed("192.0.2.80", "2001:db8::80")]));
  });
  afterEach(async () => {
    for (const guest of ["copy", "dns1"]) await two.virsh("destroy", guest);
    await h2.run(["nft", "delete", "table", "inet", "wall"]);
    await h1.sh(
      "[ ! -d /run/ssh-before ] || { rm -rf /etc/ssh/lab-*; cp -a /run/ssh-before/lab-* /etc/ssh; rm -rf /run/ssh-before; }",
    );
  });
  afterAll(async () => {
    await lab.close();
  });

  test("is one table, and good where all is", async () => {
    const ran = await status();
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^HOST +GUEST .*\nh1 +dns1 .* ok .*\nh2 +web1 .* ok .*\n$/);
  });

  test("shows what is wrong on the other host, as that host itself would", async () => {
    await h2.sh("ip route del 192.0.2.80 dev web1-0; sysctl -qw net.ipv4.conf.web1-0.rp_filter=0");
    const there = JSON.parse((await guestnetOn(h2, "status", "--json")).stdout) as {
      readonly guests: readonly object[];
    };
    const { code, stdout } = await status("--json");
    const here = JSON.parse(stdout) as { readonly guests: readonly object[] };
    expect(code).toBe(2);
    expect(here.guests[1]).toMatchObject({
      ...there.guests[0],
      host: "h2",
      nics: [
        expect.objectContaining({
          state: "drift",
          reasons: expect.arrayContaining([expect.stringContaining("192.0.2.80")]),
        }),
      ],
    });
    await guestnetOn(h2, "apply", "--yes");
    expect((await status()).code).toBe(0);
  });

  test("names an address that runs twice, and who has it", async () => {
    await launch(two, "copy", bare("copy", [routed("192.0.2.53")]));
    const ran = await status();
    expect([ran.code, last(ran)]).toEqual([
      2,
      "conflict: the address 192.0.2.53 is that of dns1 (dns1-0) on h1 and of copy (copy-0) on h2",
    ]);
  });

  test("a guest that runs on both is a conflict, and one that is paused on one, as while it moves, is none", async () => {
    await launch(two, "dns1", bare("dns1", [routed("192.0.2.53", "2001:db8::53")]));
    const ran = await status("dns1");
    expect([ran.code, last(ran)]).toEqual([
      2,
      expect.stringMatching(/^conflict: guest dns1 .* runs twice: on h1 and on h2/),
    ]);
    await two.virsh("suspend", "dns1");
    expect((await status("dns1")).code).toBe(0);
  });

  test("a host that does not answer is a row with why, and the others are shown, sooner than ssh would give up", async () => {
    await h2.sh(
      "nft 'add table inet wall; add chain inet wall in { type filter hook input priority 0; }; add rule inet wall in tcp dport 22 drop'",
    );
    const asking = await h1.background(["sh", "-c", "ssh root@10.0.0.2 true; touch /run/ssh-gave-up"]);
    const ran = await status("--timeout", "4");
    const gaveUp = await h1.sh("ls /run/ssh-gave-up 2>/dev/null || true");
    await asking.stop();
    expect(gaveUp).toBe("");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /\nh1 +dns1 .* ok .*\nh2 +no answer *\n {2}.*(timed out|no answer within 4 s).*\n$/i,
    );
  });

  test.each([
    ["an unknown host key", "echo >/etc/ssh/lab-known-hosts", /[Hh]ost key verification failed/],
    ["a key that is not allowed", "rm /etc/ssh/lab-key", /Permission denied/],
  ])("%s is said, and nobody is asked for a password", async (_, breakIt, why) => {
    await h1.sh("cp -a /etc/ssh /run/ssh-before");
    await h1.sh(breakIt);
    const ran = await status();
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringMatching(why)]);
  });

  test("a report is a page of both, and says which host does not answer", async () => {
    await h1.writeFile("/run/three.txt", `${HERE}\n${THERE}\nqemu+ssh://root@nowhere/system\n`);
    const ran = await guestnetOn(h1, "report", "--hosts", "/run/three.txt", "-o", "/run/site");
    expect(ran).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^nowhere: .+\n$/) });
    expect(await h1.sh("ls -A /run/site")).toBe("index.html\n");
    const page = await h1.sh("cat /run/site/index.html");
    expect([...page.matchAll(/<svg /g)]).toHaveLength(2);
    for (const text of ["dns1-0", "web1-0", "192.0.2.53", "2001:db8::80", "nowhere"])
      expect(page).toContain(text);
  });

  test("a hosts file does the same, and no connection is left behind", async () => {
    await h1.writeFile("/run/hosts.txt", `# both\n${HERE}\n${THERE} # upstairs\n`);
    const ran = await guestnetOn(h1, "status", "--hosts", "/run/hosts.txt");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(await h1.sh("ls -d /run/guestnet-ssh-* 2>/dev/null || true")).toBe("");
    expect(await h1.sh("ps -e -o args= | grep '[g]uestnet-ssh' || true")).toBe("");
  });
});
