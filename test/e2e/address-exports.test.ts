import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "../lab/packages/packages.ts";
import { runHere } from "../lab/run-here.ts";

const SOA =
  "$TTL 3600\n@ IN SOA ns.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600\n@ IN NS ns.example.net.\n";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-exports-"));
  ran("node", ["fixtures/site/make.mjs", join(folder, "site")]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program that has to succeed, and returns what it says. */
const ran = (program: Program | "node", args: readonly string[]): string => {
  const { status, stdout, stderr } = runHere(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout + stderr;
};
const exported = (format: string, ...options: readonly string[]): string =>
  ran("node", ["dist/genxml.js", "addresses", join(folder, "site"), "--format", format, ...options]);
const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test("named-checkzone loads the zone, with every address", () => {
  const zone = exported("zone", "--domain", "example.org");
  const file = written("zone", `$ORIGIN example.org.\n${SOA}${zone}`);
  // Its own dump, with one record in a line.
  const dump = ran("named-checkzone", ["-D", "-o", "-", "example.org", file]);
  expect(dump).toMatch(/^db106\.example\.org\.\s+3600\s+IN\s+A\s+198\.51\.100\.65$/m);
  expect(dump).toMatch(/^db106\.example\.org\.\s+3600\s+IN\s+AAAA\s+2001:db8:1::1:6$/m);
  const records = (text: string): number => [...text.matchAll(/\sIN\s+A{1,4}\s/g)].length;
  expect(records(dump)).toBe(records(zone));
});

test.each([[[]], [["--classless"]]])("named-checkzone loads every reverse zone, %j", (options) => {
  const to = join(folder, `reverse${options.length}`);
  exported("reverse", "--domain", "example.org", "-o", `${to}/`, ...options);
  const zones = readdirSync(to);
  expect(zones).toContain("0.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
  for (const zone of zones) {
    const text = readFileSync(join(to, zone), "utf8");
    // A zone of RFC 2317 has a slash in its name, and no file has one.
    const name = /^\$ORIGIN (\S+)\.$/m.exec(text)?.[1] ?? "";
    expect(zone).toBe(name.replace("/", "-"));
    const dump = ran("named-checkzone", [
      ...["-D", "-o", "-", name],
      written("reverse-zone", `$ORIGIN ${name}.\n${SOA}${text}`),
    ]);
    const records = (of: string): number => [...of.matchAll(/\sIN\s+PTR\s/g)].length;
    expect([zone, records(dump)]).toEqual([zone, records(text)]);
  }
});

test("dnsmasq takes its file", () => {
  const file = written("dnsmasq.conf", exported("dnsmasq", "--domain", "example.org"));
  expect(readFileSync(file, "utf8")).toContain("host-record=db106.example.org,db106,198.51.100.65");
  expect(ran("dnsmasq", ["--test", "-C", file])).toContain("syntax check OK");
});

test("ansible-inventory reads every guest, with its variables as text", () => {
  const file = written("inventory.yaml", exported("ansible"));
  const inventory = ran("ansible-inventory", ["-i", file, "--list"]);
  const { _meta } = JSON.parse(inventory) as { _meta: { hostvars: Record<string, Record<string, unknown>> } };
  expect(Object.keys(_meta.hostvars)).toHaveLength(300);
  expect(_meta.hostvars["db106"]).toMatchObject({ ansible_host: "198.51.100.65" });
});

test("a guest's name that is a template of Ansible's stays a text", () => {
  const name = "{{ 6 * 7 }} & {% web";
  const profile = { name, memory: "1 GiB", interfaces: [{ type: "routed", addresses: ["192.0.2.1"] }] };
  const guest = written("template.json", JSON.stringify(profile));
  const file = written(
    "template.yaml",
    ran("node", ["dist/genxml.js", "addresses", guest, "--format", "ansible"]),
  );
  const { _meta } = JSON.parse(ran("ansible-inventory", ["-i", file, "--list"])) as {
    _meta: { hostvars: Record<string, Record<string, unknown>> };
  };
  expect(_meta.hostvars["6-7-web"]?.["guestnet_name"]).toEqual({ __ansible_unsafe: name });
});

test("promtool takes the targets", () => {
  const targets = written("targets.json", exported("file-sd"));
  const config = { scrape_configs: [{ job_name: "guests", file_sd_configs: [{ files: [targets] }] }] };
  const file = written("prometheus.yml", JSON.stringify(config));
  expect(ran("promtool", ["check", "config", file])).toContain("SUCCESS");
});

test("a hosts file has each name with its addresses", () => {
  const lines = exported("hosts", "--domain", "example.org").split("\n");
  expect(lines).toContain("198.51.100.65\tdb106.example.org db106");
  expect(lines).toContain("2001:db8:1::1:6\tdb106.example.org db106");
});
