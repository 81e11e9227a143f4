import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeOnEngines } from "../lab/describe-on-engines.ts";
import { type HookCopy, hookCopy } from "../support/hook-copy.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const XML = xmlOf(guest({ type: "routed", addresses: ["2001:db8::1", "192.0.2.1"] }))
  .replaceAll("'", "&apos;")
  .replaceAll('"', "'");

// Bellard's QuickJS exits at a promise that is rejected before anything waits for it, with words of its own.
describeOnEngines("a file that cannot be read", (engine) => {
  let hook: HookCopy;
  beforeEach(() => {
    hook = hookCopy(engine);
    // An empty answer to each line.
    hook.tool("ip", "while read -r line; do echo '[]'; done");
    hook.tool("nft", "echo '{}'");
  });
  afterEach(() => {
    hook.remove();
  });

  test.each([
    ["sys/net/ipv4/ip_forward", "prepare", 1],
    ["sys/net/ipv4/conf/t-0/forwarding", "prepare", 1],
    ["sys/net/ipv4/conf/t-0/forwarding", "reconnect", 0],
    ["sys/net/ipv4/conf/t-0/forwarding", "release", 0],
    ["run/incoming/UUID", "prepare", 1],
    ["run/incoming/UUID", "release", 0],
  ])("%s, at %s", (file, operation, status) => {
    const path = join(hook.folder, file.replace("UUID", /<uuid>(.*)<\/uuid>/.exec(XML)?.[1] ?? ""));
    rmSync(path, { force: true });
    mkdirSync(dirname(path), { recursive: true });
    // A folder in its place: opened, and not to be read (EISDIR).
    mkdirSync(path);
    const called = hook.call(operation, XML);
    expect(called).toMatchObject({ status, stdout: "" });
    expect(called.stderr).toMatch(/^guestnet: guest t .*\n$/);
    expect(called.stderr).toMatch(/cannot be read|EISDIR/);
  });
});
