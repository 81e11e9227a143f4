import { afterEach, expect, test } from "@jest/globals";
import { describeOnEngines } from "../lab/describe-on-engines.ts";
import { type HookCopy, hookCopy } from "../support/hook-copy.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const small = xmlOf(guest({ type: "routed", addresses: ["2001:db8::1"] }))
  .replaceAll("'", "&apos;")
  .replaceAll('"', "'");
/** More than an environment variable holds, in front of the metadata. */
const large = small.replace(
  "  <metadata>",
  `  <description>${"x".repeat(200_000)}</description>\n  <metadata>`,
);

/** Statuses of flock(1): the time is up, and what it has when the kernel refuses the file or the lock (sysexits.h). */
const REFUSED = [1, 66, 71] as const;

describeOnEngines("the turn of a hook", (engine) => {
  let hook: HookCopy;
  afterEach(() => {
    hook.remove();
  });

  test.each(REFUSED.flatMap((status) => [small, large].map((xml) => [status, xml.length, xml] as const)))(
    "without a lock (status %d) it works, and says so; %d bytes of XML",
    (status, _, xml) => {
      hook = hookCopy(engine, (text) => text.replace("flock -w 900 9", "flock-refuses -w 900 9"));
      hook.tool("flock-refuses", `exit ${String(status)}`);
      const note = `guest t: release: does not wait for other hooks: ${hook.folder}/run/queue cannot be locked`;
      expect(hook.call("release", xml)).toEqual({ status: 0, stdout: "", stderr: `guestnet: ${note}\n` });
      expect(hook.journal()).toContain(note);
    },
  );

  test.each([small, large].map((xml) => [xml.length, xml] as const))(
    "with the lock it works, and has given it back at its end; %d bytes of XML",
    (_, xml) => {
      hook = hookCopy(engine, (text) => text.replace("-w 900", "-w 0"));
      for (let call = 0; call < 3; call += 1)
        expect(hook.call("release", xml)).toEqual({ status: 0, stdout: "", stderr: "" });
    },
  );
});
