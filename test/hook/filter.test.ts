import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../support/run-program.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const HOOK = "dist/hooks/qemu";
const access = (bridge: string) => ({ type: "bridge", bridge, vlan: 20 });
const routed = { type: "routed", addresses: ["2001:db8::1"] };

// libvirt writes with these quotes, whatever genxml wrote.
const asLibvirt = (xml: string): string => xml.replaceAll("'", "&apos;").replaceAll('"', "'");
const domains = {
  "without our metadata": asLibvirt(xmlOf(guest(access("br0")))).replace(/<metadata>.*<\/metadata>/s, ""),
  "on a bridge": asLibvirt(xmlOf(guest(access("br0")))),
  "on two bridges": asLibvirt(xmlOf(guest(access("br0"), access("br1")))),
  "on a missing bridge": asLibvirt(xmlOf(guest(access("br0"), access("br9")))),
  "on a device that is no bridge": asLibvirt(xmlOf(guest(access("eth0")))),
  "with VLANs by libvirt": asLibvirt(xmlOf(guest(access("br0")))).replaceAll(
    "guestnet:access",
    "guestnet:port",
  ),
  "on what a later version knows": asLibvirt(xmlOf(guest(access("br0")))).replaceAll(
    "guestnet:access",
    "guestnet:mesh",
  ),
  "on a routed tap": asLibvirt(xmlOf(guest(routed))),
  "on both": asLibvirt(xmlOf(guest(access("br0"), routed))),
  "held to its addresses": asLibvirt(xmlOf(guest({ ...access("br0"), addresses: ["10.0.20.5/24"] }))),
  // In metadata libvirt writes double quotes.
  "whose uplinks follow": asLibvirt(xmlOf(guest(access("br0")))).replace(
    /(<guestnet:access [^>]*?)\/>/,
    '$1 uplinks="up0" follow="yes"/>',
  ),
};
const guests = Object.keys(domains) as readonly (keyof typeof domains)[];
const ours = guests.filter((name) => name !== "without our metadata");
const EMPTY = "(nothing)";

let folder = "";
const path = (...parts: readonly string[]): string => join(folder, ...parts);
const script = (file: string, text: string): void => {
  writeFileSync(path(file), `#!/bin/sh\n${text}\n`);
  chmodSync(path(file), 0o755);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-filter-"));
  for (const name of ["br0/bridge", "br1/bridge", "eth0"]) mkdirSync(path("net", name), { recursive: true });
  mkdirSync(path("bin"));
  // The built file, but for where the engine and the devices are.
  const text = readFileSync(HOOK, "utf8");
  const moved = text
    .replace("engine=/usr/bin/qjs", `engine=${path("node")}`)
    .replaceAll("/sys/class/net", path("net"))
    .replaceAll("/run/guestnet", path("run"));
  expect(moved).not.toContain("engine=/usr/bin/qjs");
  expect(moved.split("*/")[0]).not.toContain("/sys/class/net");
  writeFileSync(path("qemu"), moved, { mode: 0o755 });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the filter with an engine that only writes down how it was called, and all that it can read. */
const READS = 'echo noise; echo "$@" >"$0.args"; { printf %s "$GUESTNET_READ"; cat; } >"$0.stdin"';
const call = (operation: string, xml: string, engine = READS) => {
  for (const file of ["node.args", "node.stdin"]) rmSync(path(file), { force: true });
  script("node", engine);
  const ran = runProgram(path("qemu"), ["t", operation, "begin", "-"], { input: xml });
  const args = existsSync(path("node.args")) ? readFileSync(path("node.args"), "utf8").trim() : null;
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr, args };
};

/** The operations of libvirt 9 that have something to do with a guest, and for which guests the engine is started. */
const expected: Readonly<Record<string, readonly string[]>> = {
  prepare: ["on a missing bridge", "on a device that is no bridge", "on a routed tap", "on both"],
  start: ours.filter((name) => name !== "on a routed tap"),
  reconnect: ours,
  release: ours,
  started: [],
  stopped: [],
  migrate: [],
  restore: [],
  attach: [],
};

describe.each(Object.entries(expected))("%s", (operation, starting) => {
  test.each(guests)("of a guest %s", (name) => {
    const { status, stdout, stderr, args } = call(operation, domains[name]);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(args ?? EMPTY).toBe(starting.includes(name) ? `${path("qemu")} t ${operation} begin -` : EMPTY);
    if (args !== null) expect(readFileSync(path("node.stdin"), "utf8").trim()).toBe(domains[name].trim());
  });

  test("of nothing at all, which might be any guest", () => {
    const reads = ["prepare", "start", "reconnect", "release", "migrate"].includes(operation);
    const stderr = reads ? `guestnet: guest t: ${operation}: there is no domain XML on standard input\n` : "";
    const status = ["prepare", "start"].includes(operation) ? 1 : 0;
    expect(call(operation, "")).toEqual({ status, stdout: "", stderr, args: null });
  });
});

describe("whose guest it is", () => {
  const of = (metadata: string): string =>
    domains["on a bridge"].replace("<metadata>", () => `<metadata>\n${metadata}`);
  const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join("\n");
  const reads = (xml: string): string | null => {
    const { status, args } = call("start", xml);
    expect(status).toBe(0);
    return args === null ? null : readFileSync(path("node.stdin"), "utf8").trim();
  };

  test("is not hidden by what others have in the metadata before us", () => {
    const others = of(indented(["<a:a xmlns:a='urn:a'>", "  <memory unit='KiB'>1</memory>", "</a:a>"]));
    const flush = of("<a xmlns='urn:a'>\n  <memory unit='KiB'>1</memory>\n</a>");
    for (const xml of [others, flush]) expect(reads(xml)).toBe(xml.trim());
  });

  test("is found in metadata that no environment can hold, and in a document of one line", () => {
    const long = of(indented([`<a:a xmlns:a='urn:a'>${"x".repeat(200_000)}</a:a>`]));
    const line = domains["on a bridge"].replaceAll("\n", "").trim();
    for (const xml of [long, line]) expect(reads(xml)).toBe(xml.trim());
  });

  test("is not asked of what stands behind the metadata", () => {
    const text = domains["without our metadata"].replace("</domain>", "<!-- urn:guestnet:1 --></domain>");
    expect(reads(text)).toBeNull();
  });
});

describe("what the engine ends with", () => {
  test.each([
    ["prepare", 1, 1],
    ["start", 1, 1],
    ["release", 0, 0],
    ["reconnect", 1, 0],
    ["reconnect", 137, 0],
    ["migrate", 1, 0],
    ["restore", 1, 0],
  ])("%s with status %d is %d to libvirt, and stderr gets through", (operation, ends, status) => {
    const ran = call(operation, domains["on both"], `echo out; echo why >&2; exit ${ends}`);
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status, stdout: "" });
    if (operation !== "migrate" && operation !== "restore") expect(ran.stderr).toMatch(/^why\n/);
  });
});

test("QuickJS is given its libraries, and any other file is taken for it, unless it is called node", () => {
  for (const name of ["qjs", "quickjs", "node18"]) {
    writeFileSync(path(name), `#!/bin/sh\necho "$@" >${path("words")}\n`, { mode: 0o755 });
    const env = { GUESTNET_ENGINE: path(name), PATH: "/usr/bin:/bin" };
    const input = domains["on both"];
    expect(runProgram(path("qemu"), ["t", "start", "begin", "-"], { env, input })).toMatchObject({
      status: 0,
    });
    const options = name === "node18" ? "" : "--std --script ";
    expect(readFileSync(path("words"), "utf8")).toBe(`${options}${path("qemu")} t start begin -\n`);
  }
});

describe("without any engine", () => {
  test.each([
    ["prepare", 1],
    ["start", 1],
    ["reconnect", 0],
    ["release", 0],
  ])("%s ends with %d and says what to install", (operation, status) => {
    rmSync(path("node"), { force: true });
    const bare = readFileSync(path("qemu"), "utf8").replace("/usr/sbin:/usr/bin:/sbin:/bin:", "");
    writeFileSync(path("bare"), bare, { mode: 0o755 });
    const ran = runProgram(path("bare"), ["t", operation, "begin", "-"], {
      input: domains["on both"],
      env: { PATH: path("bin") },
    });
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status, stdout: "" });
    expect(ran.stderr).toMatch(
      /^guestnet: guest t: .*there is no JavaScript engine: install QuickJS \(qjs\), or Node\.js 18 or newer \(node\)\n$/,
    );
  });
});

describe("a guest that comes from another host", () => {
  const uuid = /<uuid>(.*)<\/uuid>/.exec(domains["on a routed tap"])?.[1] ?? "";
  const marker = (): string => path("run", "incoming", uuid);

  test("is remembered from migrate on, without an engine, until release", () => {
    expect(call("migrate", domains["on a routed tap"])).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
      args: null,
    });
    expect(readFileSync(marker(), "utf8")).toMatch(/^migrate \d+\n$/);
    // The engine takes it away, with what else is left.
    expect(call("release", domains["on a routed tap"]).args).not.toBeNull();
  });

  test("is remembered on a bridge, too", () => {
    rmSync(path("run"), { recursive: true, force: true });
    call("migrate", domains["on a bridge"]);
    expect(existsSync(marker())).toBe(true);
    rmSync(path("run"), { recursive: true, force: true });
  });

  test("is not, without our metadata", () => {
    call("migrate", domains["without our metadata"]);
    expect(existsSync(marker())).toBe(false);
  });
});
