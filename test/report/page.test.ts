import { describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { addressPlan } from "../../src/addresses/plan/plan.ts";
import type { FleetReport } from "../../src/report/fleet-report.ts";
import { renderPage } from "../../src/report/page.ts";
import { fleet, MADE } from "./sample.ts";

const NONE: FleetReport = {
  ...{
    made: MADE,
    hosts: [],
    guests: [],
    findings: [],
    conflicts: [],
    moves: [],
    differences: [],
    errors: [],
  },
  plan: null,
};
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe("the page loads nothing", () => {
  const page = renderPage(fleet(4, 40));
  const [, written = ""] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  const policy = written.replaceAll("&#39;", "'");
  const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

  test("it refers to itself alone", () => {
    const [, ...addresses] = page.matchAll(/(?:src|href|action|url|@import)\s*[=(]\s*"?([^">)\s]*)/g);
    expect(addresses.length).toBeGreaterThan(40);
    for (const [, address] of addresses) expect(address).toMatch(/^#(host-\d+|[a-z]+)$/);
    expect(page).toContain('<link rel="icon" href="data:,">');
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|\/\/[a-z]/);
  });

  test.each([
    ["style", "style-src"],
    ["script", "script-src"],
  ])("its policy allows each <%s> of it by its digest, and nothing else", (element, directive) => {
    const texts = [...page.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, "g"))].map(
      ([, text = ""]) => text,
    );
    const [, allowed = ""] = new RegExp(`${directive} ([^;]+)`).exec(policy) ?? [];
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(allowed.split(" "))).toEqual(new Set(texts.map(digest)));
  });

  test("its policy denies everything else", () => {
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    // A style in an attribute, or a handler, would not count.
    expect(page).not.toMatch(/<[^>]*\s(style|on[a-z]+)=/);
  });
});

test("whatever a name has in it is text", () => {
  const evil = `</script><img src=x onerror="a('b')">&`;
  const at = { guest: evil, host: evil, nic: evil, text: evil } as const;
  const nic = { name: evil, mac: evil, network: evil, addresses: [evil], activity: evil };
  const page = renderPage({
    ...{ ...NONE, conflicts: [evil], moves: [evil], differences: [evil], errors: [evil] },
    hosts: [{ kind: "silent", name: evil, why: evil }],
    guests: [{ name: evil, host: evil, state: "ok", nics: [nic] }],
    findings: (["drift", "down", "stranger"] as const).map((kind) => ({ ...at, kind })),
    plan: addressPlan([], []),
  });
  expect(count(page, /&lt;\/script&gt;&lt;img src=x onerror=&quot;a\(&#39;b&#39;\)&quot;&gt;&amp;/g)).toBe(
    // 4 sentences; the host three times with two reasons; a guest and its NIC; three findings of four texts.
    4 + 2 + 2 + (1 + 1 + 5) + 3 * 4,
  );
  expect(page).not.toContain("<img");
  expect(count(page, /<\/script>/g)).toBe(1);
});

test("every guest has a row, with its host, state, addresses and activity", () => {
  const report = fleet(5, 60);
  const page = renderPage(report);
  const rows = [...page.matchAll(/<tr>\s*<th scope="row" data-label="Guest">[^]*?<\/tr>/g)].map(
    ([row]) => row,
  );
  expect(rows).toHaveLength(60);
  for (const [at, { name, host, nics }] of report.guests.entries()) {
    const texts = nics.flatMap((nic) => [nic.name, nic.mac ?? "", nic.activity, ...nic.addresses]);
    for (const text of [name, host, ...texts]) expect(rows[at]).toContain(text);
  }
});

test("addresses sort by number, states by urgency", () => {
  const keys = (label: string, guests: FleetReport["guests"]): readonly string[] =>
    [
      ...renderPage({ ...NONE, guests }).matchAll(
        new RegExp(`data-label="${label}" data-key="([^"]*)"`, "g"),
      ),
    ].map(([, key = ""]) => key);
  const sorted = ["9.0.0.1", "10.0.0.1", "2001:db8::9", "2001:db8::10"];
  const held = sorted.map((address) => ({
    ...{ name: address, host: "kvm1", state: "ok" as const },
    nics: [{ name: "t", mac: null, network: "", activity: "", addresses: [address] }],
  }));
  expect(keys("Addresses", held)).toEqual([...keys("Addresses", held)].sort());
  const states = (["invalid", "blocked", "drift", "down", "incoming", "ok", "other"] as const).map(
    (state) => ({
      ...{ name: state, host: "kvm1", state, nics: [] },
    }),
  );
  expect(keys("State", states)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
});

test("what is wrong comes before the guests, and a long list of it is folded", () => {
  const page = renderPage(fleet(5, 60));
  const [problems = "", rest = ""] = page.split('<section id="guests">');
  for (const text of ["No route to host", "is that of web1", "missing: VLAN 20", "old1 does not run"]) {
    expect(problems).toContain(text);
  }
  expect(problems).not.toContain("<details>");
  expect(rest).toContain("No route to host");
  const many = Array.from({ length: 100 }, (_, at) => `conflict ${String(at)}.`);
  const [folded = ""] = renderPage({ ...NONE, conflicts: many }).split('<section id="guests">');
  expect(folded).toContain("<summary>75 more</summary>");
  for (const text of many) expect(folded).toContain(text);
});

test("a fleet without problems has one sentence there; a tap that is down, or a migration, is none", () => {
  const good = "Every host answers. There is no drift and no conflict.";
  expect(renderPage(NONE)).toContain(good);
  expect(renderPage({ ...NONE, moves: ["guest a runs on h1 and is paused on h2"] })).toContain(good);
  expect(renderPage({ ...NONE, differences: ["guest a does not run"] })).not.toContain(good);
});

test("the address plan has each network, its counts, and who has what", () => {
  const page = renderPage(fleet(2, 8));
  const plan = page.slice(page.indexOf('<section id="addresses">'));
  expect(plan).toMatch(/<b>10\.20\.0\.0\/22<\/b> VLAN 20 of br0 \(servers\) <small>4 used, 1018 free, next /);
  expect(plan).toContain('<th scope="row">2001:db8:0:1::12</th><td>dns1</td><td>dns1-0</td>');
  expect(renderPage(NONE)).not.toContain("Address plan");
});

test("the same report is the same page, with the time that it was made", () => {
  const page = renderPage(fleet(3, 12));
  expect(renderPage(fleet(3, 12))).toBe(page);
  expect(page).toContain('<time datetime="2026-11-27T12:00:00.000Z">2026-11-27 12:00 UTC</time>');
});

test("50 hosts and 500 guests are at most 2 MB", () => {
  expect(renderPage(fleet(50, 500)).length).toBeLessThan(2_000_000);
});
