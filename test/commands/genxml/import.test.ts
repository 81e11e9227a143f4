import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";

const guest = (name: string, more = ""): string =>
  `name = "${name}"\nbootloader = "pygrub"\nmemory = 512\nvif = [ 'bridge=br40' ]\n${more}`;

let genxml: Genxml;
beforeAll(() => {
  genxml = genxmlIn();
  genxml.write("a.cfg", guest("a"));
  genxml.write("b.cfg", guest("b", "vcpu = 4\n"));
  genxml.write("bad.cfg", 'name = "bad"\nvnc = True\n');
});
afterAll(() => {
  genxml.remove();
});
const run = (...args: readonly string[]) => genxml.run(["import", "xen", ...args]);
const read = (file: string): string => readFileSync(join(genxml.folder, file), "utf8");

describe("one file", () => {
  test("becomes a profile on standard output and a report on standard error", () => {
    const { status, stdout, stderr } = run("a.cfg");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: "a", memory: "512 MiB" });
    expect(stderr).toContain("# a\n");
    expect(stderr).toContain("--bridge-map br40=br0:40\n");
  });

  test("makes a profile that genxml takes", () => {
    genxml.write("a.json", run("a.cfg", "--bridge-map", "br*=br0:*").stdout);
    expect(genxml.run(["a.json"])).toMatchObject({ status: 0, stderr: "" });
  });

  test("that is wrong writes nothing, and says where", () => {
    const { status, stdout, stderr } = run("bad.cfg", "-o", "none");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^bad.cfg:2:7: error: /);
    expect(existsSync(join(genxml.folder, "none"))).toBe(false);
  });

  test("can be read in xm's syntax", () => {
    expect(run("bad.cfg", "--syntax", "xm")).toMatchObject({ status: 0 });
  });

  test("from standard input", () => {
    expect(genxml.run(["import", "xen", "-", "--quiet"], guest("in"))).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("in Latin-1 keeps its letters, and says so", () => {
    genxml.write(
      "latin.cfg",
      Buffer.from(
        "# gr\xfc\xdfe\nname = 'latin'\nmemory = 64\ndisk = [ '/srv/gr\xfcn.img,raw,xvda,w' ]\n",
        "latin1",
      ),
    );
    const { stdout, stderr } = run("latin.cfg");
    expect(stdout).toContain("/srv/grün.img");
    expect(stderr).toContain("Latin-1");
  });
});

describe("many files", () => {
  test("need a folder", () => {
    expect(run("a.cfg", "b.cfg")).toMatchObject({ status: 64, stdout: "" });
  });

  test("become profiles and reports, and end with a table; a bad one keeps no other from it", () => {
    const { status, stdout, stderr } = run("a.cfg", "b.cfg", "bad.cfg", "missing.cfg", "-o", "guests");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(readdirSync(join(genxml.folder, "guests"))).toEqual(["a.json", "a.md", "b.json", "b.md"]);
    expect(stderr).toMatch(/\| a +\| ready after steps \| \d+ steps/);
    expect(stderr).toMatch(/\| b +\| needs a person +\| vcpu: .*did you mean vcpus\?/);
    expect(stderr).toMatch(/\| bad.cfg +\| not imported/);
    expect(stderr).toMatch(/\| missing.cfg +\| not imported +\| cannot read missing.cfg: no such file/);
    expect(stderr.match(/--bridge-map br40=br0:40/g)).toHaveLength(1);
  });

  test("twice give the same bytes", () => {
    const before = read("guests/a.json") + read("guests/a.md");
    run("a.cfg", "-o", "guests");
    expect(read("guests/a.json") + read("guests/a.md")).toBe(before);
  });

  test("with the same name: the second is refused", () => {
    genxml.write("c.cfg", guest("a"));
    const { status, stderr } = run("a.cfg", "c.cfg", "-o", "same");
    expect(status).toBe(1);
    expect(stderr).toContain("c.cfg: error: the guest's name a is already that of a.cfg");
  });

  test("that clash need a person", () => {
    genxml.write("m1.cfg", guest("m1").replace("'bridge", "'mac=00:16:3e:00:00:01,bridge"));
    genxml.write("m2.cfg", guest("m2").replace("'bridge", "'mac=00:16:3e:00:00:01,bridge"));
    expect(run("m1.cfg", "m2.cfg", "-o", "clash").stderr).toMatch(
      /\| m2 +\| needs a person +\| another guest: .*00:16:3e:00:00:01/,
    );
  });
});

test("--json is the same for programs", () => {
  const report = JSON.parse(run("b.cfg", "--json").stderr) as {
    readonly guests: readonly object[];
    readonly bridgeMap: string;
  };
  expect(report).toMatchObject({
    files: 1,
    errors: 0,
    bridgeMap: "--bridge-map br40=br0:40",
    unmappedBridges: ["br40"],
  });
  expect(report.guests).toMatchObject([
    { file: "b.cfg", name: "b", verdict: "needs a person", source: { type: "pv", name: "b" } },
  ]);
  expect(JSON.stringify(report.guests)).toContain(
    '{"line":5,"column":1,"path":"vcpu","found":"4","outcome":"unknown"',
  );
});

test("--strict makes an error of what only a person can decide", () => {
  expect(run("b.cfg", "--strict")).toMatchObject({ status: 1, stdout: "" });
  expect(run("a.cfg", "--strict")).toMatchObject({ status: 0 });
});

test.each(["br40", "br40=", "=br0", "br*=br0:*:*", "br40=br0:4095", "br40=br0:*", "a*b*=br0", "br40=a/b"])(
  "--bridge-map %s is wrong use",
  (rule) => {
    const { status, stderr } = run("a.cfg", "--bridge-map", rule);
    expect(status).toBe(64);
    expect(stderr).toContain("must be OLD=NEW");
  },
);

describe("a KVM domain", () => {
  const document = (mac: string): string =>
    `<domain type='kvm'>\n  <name>shop1</name>\n  <memory unit='KiB'>1048576</memory>\n  <vcpu>1</vcpu>\n  <os><type arch='x86_64' machine='q35'>hvm</type></os>\n  <devices>\n    <interface type='bridge'>\n      <mac address='${mac}'/>\n      <source bridge='br40'/>\n      <model type='virtio'/>\n    </interface>\n  </devices>\n</domain>\n`;
  const importDomain = (...args: readonly string[]) => genxml.run(["import", "domain", ...args]);

  test("becomes a profile with the document as template beside it, which genxml takes", () => {
    genxml.write("shop1.xml", document("52:54:00:00:40:01"));
    expect(importDomain("shop1.xml", "-o", "kvm/", "--bridge-map", "br40=br0:40")).toMatchObject({
      status: 0,
      stdout: "",
    });
    expect(readdirSync(join(genxml.folder, "kvm"))).toEqual(["shop1.json", "shop1.md", "shop1.template.xml"]);
    expect(read("kvm/shop1.template.xml")).toBe(read("shop1.xml"));
    const { status, stdout } = genxml.run(["kvm/shop1.json"]);
    expect(status).toBe(0);
    expect(stdout).toContain('vlan="40"');
  });

  test("on standard output names the document itself", () => {
    const { stdout } = importDomain("shop1.xml", "--quiet");
    expect(JSON.parse(stdout)).toMatchObject({ template: join(genxml.folder, "shop1.xml") });
  });

  test("in Latin-1 is not read: genxml would not take it as a template", () => {
    const text = document("52:54:00:00:40:02").replace("<memory", "<title>gr\xfcn</title>\n  <memory");
    genxml.write("latin.xml", Buffer.from(text, "latin1"));
    const { status, stdout, stderr } = importDomain("latin.xml");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("cannot read latin.xml: it is not in UTF-8\nhint: iconv ");
  });

  test("from standard input needs a directory for its copy, and one of Xen does not", () => {
    const { status, stdout, stderr } = genxml.run(["import", "domain", "-"], document("52:54:00:00:40:01"));
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toContain("hint: genxml import domain - -o ");
    const xen = readFileSync("fixtures/domains/xen-pv/guest.xml", "utf8");
    const guest = readFileSync("fixtures/domains/xen-pv/guest.json", "utf8");
    expect(genxml.run(["import", "domain", "-", "--quiet"], xen)).toMatchObject({ status: 0, stdout: guest });
  });
});

describe("rules of --bridge-map", () => {
  const nic = (mac: string, portgroup: string): string =>
    `<interface type='network'><mac address='${mac}'/><source network='lan' portgroup='${portgroup}'/></interface>`;
  const domain = (name: string, nics: string): string =>
    `<domain type='kvm'><name>${name}</name><memory unit='MiB'>512</memory><devices>${nics}</devices></domain>\n`;
  const importDomains = (...args: readonly string[]) => genxml.run(["import", "domain", ...args]);

  test("that are for no NIC are named, with the nearest network", () => {
    const { status, stderr } = run("a.cfg", "--bridge-map", "br4=br0:40", "--quiet");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(run("a.cfg", "--bridge-map", "br4=br0:40").stderr).toMatch(
      /^--bridge-map br4=br0:40\S* warning: must name a bridge .*found br40; did you mean br40\? \[bridge-map\]$/m,
    );
    expect(run("a.cfg", "--bridge-map", "br4=br0:40", "--strict").status).toBe(1);
    expect(run("a.cfg", "--bridge-map", "br40=br0:40").stderr).not.toContain("--bridge-map br40=");
  });

  test("that would join two portgroups of a network need a person, in one guest and in two", () => {
    genxml.write(
      "one.xml",
      domain("one", nic("52:54:00:00:00:01", "red") + nic("52:54:00:00:00:02", "blue")),
    );
    genxml.write("red.xml", domain("red", nic("52:54:00:00:00:03", "red")));
    genxml.write("blue.xml", domain("blue", nic("52:54:00:00:00:04", "blue")));
    const joins = /needs a person.*joins its portgroups red, blue/;
    expect(importDomains("one.xml", "--bridge-map", "lan=br0:10").stderr).toMatch(joins);
    const both = ["red.xml", "blue.xml", "-o", "joined"];
    expect(importDomains(...both, "--bridge-map", "lan=br0:10").stderr).toMatch(joins);
    expect(importDomains("red.xml", "--bridge-map", "lan=br0:10").stderr).not.toContain("needs a person");
    const apart = ["--bridge-map", "lan/red=br0:10", "--bridge-map", "lan/blue=br0:20"];
    expect(importDomains(...both, ...apart).stderr).not.toContain("needs a person");
  });
});
