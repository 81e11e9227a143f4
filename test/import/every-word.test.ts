import { expect, test } from "@jest/globals";
import { importDomain } from "../../src/import/domain/import-domain.ts";
import type { ImportedGuest } from "../../src/import/report/imported-guest.ts";
import { renderOrigin } from "../../src/import/report/report.ts";
import { importXen } from "../../src/import/xen/import-xen.ts";
import { toMap } from "../support/bridge-map.ts";
import { domainCases, xenCases } from "../support/cases.ts";
import fc from "../support/fast-check.ts";

/** Things that the account lists twice: the same text at the same place. */
const twice = ({ entries }: ImportedGuest): readonly string[] => {
  const all = entries.map((one) => `${one.at.line}:${one.at.column} ${renderOrigin(one)}`);
  return all.filter((line, index) => all.indexOf(line) !== index);
};

/** Things that stand in another line of the file than the account says. */
const displaced = (text: string, { entries }: ImportedGuest): readonly string[] => {
  const lines = text.split("\n");
  return entries.flatMap((one) => {
    const [first = ""] = one.found.replace(/^["']|["']$/g, "").split(/…|\n|\\/);
    const there = (lines[one.at.line - 1] ?? "").toLowerCase();
    const key = String(one.path.at(-1));
    // A flag of a vif is named only, and what a list has in it is shown without its quotes and line breaks.
    return first.length > 40 || there.includes(first.toLowerCase()) || there.includes(key)
      ? []
      : [renderOrigin(one)];
  });
};

const xen = xenCases().flatMap((one): (readonly [string, string, ImportedGuest])[] => {
  const file = one.files.find((name) => name.endsWith(".cfg")) ?? "";
  const text = one.read(file) ?? "";
  const result = importXen(file, text, { map: toMap(one.read("bridge-map.txt")), syntax: null });
  return result.ok ? [[one.name, text, result.value]] : [];
});
const domains = domainCases().flatMap((one): (readonly [string, string, ImportedGuest])[] => {
  const text = one.read("guest.xml") ?? "";
  const map = toMap(one.read("bridge-map.txt"));
  const result = importDomain("guest.xml", text, { map }, () => "t.xml");
  return result.ok ? [[one.name, text, result.value]] : [];
});

test.each([...xen, ...domains])("the account of %s lists nothing twice", (_, __, outcome) => {
  expect(twice(outcome)).toEqual([]);
});

test.each(xen)("the account of %s shows each value where it stands", (_, text, outcome) => {
  expect(displaced(text, outcome)).toEqual([]);
});

// One vif: each word is in it at most once, in any order.
const words = fc
  .shuffledSubarray([
    "mac=00:16:3e:00:00:01",
    "bridge=xenbr40",
    "ip=192.0.2.7",
    "vifname=web",
    "rate=10Mb/s",
    "mtu=1400",
    "model=e1000",
    "type=ioemu",
    "vlan=10p/20",
  ])
  .chain((some) =>
    fc
      .constantFrom("", "script=vif-bridge", "script=vif-route", "script=vif-nat", "script=vif-openvswitch")
      .map((script) => (script === "" ? some : [...some, script])),
  );

test("each word of a vif is in the account once, under its own key, and what is taken is in the profile", () => {
  fc.assert(
    fc.property(words, fc.constantFrom("", "xenbr40=br0:40", "xenbr40=br0"), (vif, rule) => {
      const text = `name = "a"\nmemory = 64\nbootloader = "pygrub"\nvif = [ "${vif.join(",")}" ]\n`;
      const result = importXen("a.cfg", text, { map: toMap(rule), syntax: "xl" });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      const { entries, text: profile } = result.value;
      for (const word of vif) {
        const [key = "", value = ""] = word.split("=");
        const own = entries.filter(({ path }) => path[0] === "vif" && path[2] === key);
        expect(own.map(({ found }) => found)).toEqual([value]);
        const [entry] = own;
        const says = { mac: value, vifname: `"web"`, ip: "192.0.2.7", mtu: "1400", model: "e1000" };
        const inside = Object.entries(says).find(([name]) => name === key)?.[1];
        if (entry?.outcome === "taken" && inside !== undefined) expect(profile).toContain(inside);
        if (entry?.outcome === "dropped" && key === "ip") expect(profile).not.toContain("192.0.2.7");
      }
    }),
  );
});
