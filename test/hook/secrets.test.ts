import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { scanXml } from "../../src/xml/scan.ts";
import { describeOnEngines } from "../lab/describe-on-engines.ts";
import { type HookCopy, hookCopy } from "../support/hook-copy.ts";
import { guest, xmlOf } from "../support/profiles.ts";

// At migrate and restore libvirt hands over the XML with its secrets, the password of the screen above all.
const SECRET = "hunter2";
const XML = xmlOf(
  guest({ type: "bridge", bridge: "br9", vlan: 20 }, { type: "routed", addresses: ["2001:db8::1"] }),
)
  .replaceAll("'", "&apos;")
  .replaceAll('"', "'")
  .replace("<devices>", `<devices><graphics type='vnc' passwd='${SECRET}'/>`);

test.each(["cut off", "with a < too much", "with a & too much", "without its quote"])(
  "XML that is %s anywhere is refused without its secret",
  (how) => {
    const spoilt = (at: number): string => {
      const [head, tail] = [XML.slice(0, at), XML.slice(at)];
      if (how === "cut off") return head;
      if (how === "without its quote") return `${head}${tail.replace("'", "")}`;
      return `${head}${how.includes("<") ? "<" : "&"}${tail}`;
    };
    const from = XML.indexOf("<graphics");
    let refused = 0;
    for (let at = from - 50; at < from + 100; at += 1) {
      const parsed = parseDomain(scanXml(spoilt(at)));
      if (parsed.ok) continue;
      refused += 1;
      expect(parsed.problems.join("\n")).not.toContain(SECRET);
    }
    expect(refused).toBeGreaterThan(30);
  },
);

describeOnEngines("the hook as a file", (engine) => {
  let hook: HookCopy;
  beforeEach(() => {
    hook = hookCopy(engine);
  });
  afterEach(() => {
    hook.remove();
  });

  test.each(["migrate", "restore", "prepare", "start", "started", "reconnect", "stopped", "release"])(
    "%s says nothing of the secret, on standard output nothing at all",
    (operation) => {
      for (const xml of [
        XML,
        XML.replace(`${SECRET}'/>`, `${SECRET}'`),
        XML.slice(0, XML.indexOf(SECRET) + 9),
      ]) {
        const { stdout, stderr } = hook.call(operation, xml);
        expect(stdout).toBe("");
        expect(`${stderr}${hook.journal()}`).not.toContain(SECRET);
      }
    },
  );
});
