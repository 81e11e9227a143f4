import { afterEach, expect, test } from "@jest/globals";
import { existsSync } from "node:fs";
import { describeOnEngines } from "../lab/describe-on-engines.ts";
import { type HookCopy, hookCopy } from "../support/hook-copy.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const routed = xmlOf(guest({ type: "routed", addresses: ["2001:db8::1"] }))
  .replaceAll("'", "&apos;")
  .replaceAll('"', "'");

/** The hook with less time for its tools, and that to clear away which it always has. */
const IMPATIENT = ["TOOLS_END_MS = 8e3", "TOOLS_END_MS = 2e3"] as const;
/** The hook with a tenth of its time. */
const HASTY = [
  ["TOOLS_END_MS = 8e3", "TOOLS_END_MS = 800"],
  ["CLEARING_ENDS_MS = 9500", "CLEARING_ENDS_MS = 1800"],
  ["ALL_ENDS_MS = 1e4", "ALL_ENDS_MS = 2500"],
] as const;

describeOnEngines("the deadlines", (engine) => {
  let hook: HookCopy;
  const hookWith = (deadlines: readonly (readonly [string, string])[]): HookCopy =>
    hookCopy(engine, (text) =>
      deadlines.reduce((built, [from, to]) => {
        expect(built).toContain(from);
        return built.replace(from, to);
      }, text),
    );
  afterEach(() => {
    hook.remove();
  });

  test.each([
    ["prepare", 1, "failed to start"],
    ["reconnect", 0, "keeps running"],
    ["release", 0, "has stopped"],
  ])("%s with tools that hang ends by itself with %d", (operation, status, outcome) => {
    hook = hookWith(HASTY);
    hook.setting("net/ipv4/conf/t-0/forwarding", "1"); // so there is a t-0 to ask about
    for (const tool of ["ip", "bridge", "nft", "logger"]) hook.tool(tool, "exec /bin/sleep 3600");
    // Where it had not, the shell would end it after 12 s, and say another thing.
    const ended = hook.call(operation, routed);
    expect(ended).toMatchObject({ status, stdout: "" });
    const [line = "", ...more] = ended.stderr.trim().split("\n");
    expect(more).toEqual([]);
    expect(line).toMatch(/^guestnet: guest t /);
    expect(line).toContain(outcome);
    expect(line).toMatch(/had not ended when the time was up|gave up after/);
  });

  test("what was made is cleared away after a tool has hung", () => {
    // An ip that makes a tap and hangs before it can say so; asked later, it says what there is, and takes it away.
    hook = hookWith([IMPATIENT]);
    const made = `${hook.folder}/made`;
    const once = `${hook.folder}/once`;
    hook.tool("nft", 'case "$*" in *list*) exit 1 ;; esac');
    hook.tool(
      "ip",
      `batch=$(/usr/bin/cat)
  case $batch in
  *"tuntap add"*) echo "$batch" >${made}; echo >${once}; exec /bin/sleep 3600 ;;
  *fibmatch*) echo "[]" ;;
  *"link delete"*) /usr/bin/rm -f ${made} ;;
  esac`,
    );
    const { status, stdout, stderr } = hook.call("prepare", routed);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("had not ended when the time was up");
    expect([existsSync(once), existsSync(made)]).toEqual([true, false]);
  });
});
