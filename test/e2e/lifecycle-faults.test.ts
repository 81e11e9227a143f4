import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { describeInLabOnEngines } from "../lab/describe-on-engines.ts";
import { bare } from "./stage/guest/generate.ts";
import { qemus } from "./stage/host/host.ts";
import { NEEDS, NICS, openTwoBridges, type TwoBridges } from "./stage/hosts/two-bridges.ts";
import { becomes, until } from "./stage/until.ts";
import { wrapPrograms } from "./stage/wrap-programs.ts";

/** Stands before ip, bridge and nft: at the call that /run/fault names, counted over all or one of them, it does what that says. */
const WRAPPER = `#!/bin/sh
real=/run/real/\${0##*/}
[ -e /run/fault ] || exec $real "$@"
read -r call action only </run/fault
[ -z "$only" ] || [ "\${0##*/}" = "$only" ] || exec $real "$@"
echo "\${0##*/} $*" >>/run/calls
[ "$(wc -l </run/calls)" = "$call" ] || exec $real "$@"
case $action in
fail) cat >/dev/null; printf 'RTNETLINK answers: No buffer space available\\nCommand failed -:1\\n' >&2; exit 1 ;;
hang) exec sleep 3600 ;;
esac
case $action in
before) kill -9 $PPID ;;
after) $real "$@" >/dev/null; kill -9 $PPID ;;
esac
`;

describeInLabOnEngines("faults in the life of a guest on two bridges", NEEDS, (engine) => {
  let on: TwoBridges;
  let before: string;
  let running: string;
  /** How many tools one start calls. */
  let calls: readonly number[];

  const fault = (call: number, action: string, only = ""): Promise<string> =>
    on.host.sh(`: >/run/calls; echo ${call} ${action} ${only} >/run/fault`);
  const called = async (): Promise<readonly string[]> =>
    (await on.host.sh("rm -f /run/fault; cat /run/calls")).split("\n").filter((line) => line !== "");
  const startsRight = async (): Promise<void> => {
    await on.virsh("start", "g");
    expect(await on.state()).toBe(running);
  };
  const destroy = async (): Promise<void> => {
    await on.virsh("destroy", "g");
    expect(await on.state()).toBe(before);
  };
  /** A start that fails, and leaves nothing. @returns what the hook said */
  const refused = async (): Promise<string> => {
    const { code, stderr } = await on.libvirt.virsh("start", "g");
    expect(code).toBe(1);
    expect(await called()).not.toEqual([]);
    expect((await on.virsh("domstate", "g")).trim()).toBe("shut off");
    expect(await on.state()).toBe(before);
    return /guestnet: .*/s.exec(stderr)?.[0].trim() ?? stderr;
  };
  const spoil = (): Promise<string> =>
    on.host.sh(
      "for vid in 10 30 31; do bridge vlan del dev g-1 vid $vid; done; bridge vlan add dev g-1 vid 31 pvid untagged",
    );
  const repaired = (): Promise<void> => becomes(on.state, running);
  /** The guest is shut off, or runs as it should, whatever an earlier test has left. */
  const beginWith = async (wanted: "shut off" | "running"): Promise<void> => {
    await on.host.sh("rm -f /run/fault /run/kill-at");
    if ((await on.libvirt.virsh("version")).code !== 0) await on.libvirt.start();
    const state = wanted === "running" ? running : before;
    if ((await on.state()) !== state) {
      await on.libvirt.virsh("destroy", "g");
      if (wanted === "running") await on.virsh("start", "g");
    }
    expect(await on.state()).toBe(state);
    await on.said();
  };

  beforeAll(async () => {
    on = await openTwoBridges(engine);
    await wrapPrograms(on.host, ["ip", "bridge", "nft"], WRAPPER);
    expect(await on.libvirt.define(bare("g", NICS))).toMatchObject({ code: 0 });
    before = await on.state();
    await fault(0, "none");
    await on.virsh("start", "g");
    calls = (await called()).map((_, index) => index + 1);
    running = await on.state();
    await destroy();
  });
  afterAll(async () => {
    await on.lab.close();
  });
  afterEach(async () => {
    expect((await on.said()).stdout).toBe("");
  });

  describe("at start", () => {
    beforeEach(() => beginWith("shut off"));

    test("a tool that fails at any call: one line names guest, port, step and error, and nothing remains", async () => {
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) {
        await fault(call, "fail");
        expect({ call, said: await refused() }).toEqual({
          call,
          said: expect.stringMatching(
            /^guestnet: guest g failed to start[^\n]*\bg-[01]: RTNETLINK answers: No buffer space available \(\d+ of \d+ steps applied\)$/,
          ),
        });
      }
      await startsRight();
      await destroy();
    });

    test("a hook that is killed at any call: the start fails, and the next start succeeds", async () => {
      for (const call of calls) {
        await fault(call, "before");
        expect(await refused()).toContain(`guestnet: guest g: start: ${engine.path} was killed`);
        await fault(call, "after");
        await refused();
      }
      await startsRight();
      await destroy();
    });

    test("a tool that hangs is ended after 8 s, and the start is refused", async () => {
      const begun = Date.now();
      await fault(calls.length, "hang");
      const said = await refused();
      expect(said).toMatch(
        /^guestnet: guest g failed to start[^\n]*had not ended when the time was up[^\n]*$/,
      );
      expect(Date.now() - begun).toBeGreaterThan(7_500);
    });
  });

  test.each(["prepare", "start"])(
    "kill -9 of libvirtd during %s: there is no stopped call, and the next start succeeds",
    async (operation) => {
      await beginWith("shut off");
      await on.host.sh(`echo ${operation} >/run/kill-at`);
      expect((await on.libvirt.virsh("start", "g")).code).toBe(1);
      await on.libvirt.start();
      expect((await on.virsh("domstate", "g")).trim()).toBe("shut off");
      expect(await qemus(on.host)).toEqual([]);
      expect(await on.state()).toBe(before);
      await startsRight();
      await destroy();
    },
  );

  test("kill -9 of libvirtd during started: the guest keeps running, unchanged", async () => {
    await beginWith("shut off");
    await on.host.sh("echo started >/run/kill-at");
    expect((await on.libvirt.virsh("start", "g")).code).toBe(1);
    await on.libvirt.start();
    expect(await qemus(on.host)).toHaveLength(1);
    await repaired();
  });

  // bridge is called to look at the first port, to look at the second, and to change the second.
  test.each([
    ["a tool that fails", 3, "fail"],
    ["a hook killed before a change", 3, "before"],
    ["a hook killed after a change", 3, "after"],
    ["a tool that hangs", 1, "hang"],
  ])(
    "at reconnect, %s: the guest keeps running, and the next reconnect repairs it",
    async (_, call, action) => {
      await beginWith("running");
      const ids = await qemus(on.host);
      expect(ids).toHaveLength(1);
      await spoil();
      await on.libvirt.stop();
      await fault(call, action, "bridge");
      await on.libvirt.start();
      await until(on.host, "[ -s /run/hook.stderr ]");
      expect(await called()).not.toEqual([]);
      expect((await on.said()).stderr).toContain("guestnet: guest g");
      expect((await on.virsh("domstate", "g")).trim()).toBe("running");
      await on.libvirt.restart();
      await repaired();
      expect(await qemus(on.host)).toEqual(ids);
    },
  );
});
