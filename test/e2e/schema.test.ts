import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { genxml } from "./stage/guest/generate.ts";
import { profilesOfWords } from "./stage/words.ts";

/** What genxml is called with for every domain that the repository has the profile of: the file is the last word. */
const calls = (): readonly (readonly string[])[] => {
  const shipped = readdirSync("fixtures/guests").map((file) => `fixtures/guests/${file}`);
  const golden = readdirSync("fixtures/cases")
    .filter((name) => existsSync(`fixtures/cases/${name}/domain.xml`))
    .map((name) => `fixtures/cases/${name}/guest.json`);
  const imported = readdirSync("fixtures/xen")
    .map((name) => `fixtures/xen/${name}/guest.json`)
    .filter((file) => existsSync(file));
  // The schema and the definition of 9.0 take a <vlan> on a bridge; it is at start that libvirt below 11.0 refuses it.
  const native = (file: string): readonly string[] => {
    const version = join(dirname(file), "libvirt.txt");
    return existsSync(version) ? ["--libvirt", readFileSync(version, "utf8").trim()] : [];
  };
  return [...shipped, ...golden, ...imported].map((file) => [...native(file), file]);
};

/** The domains of some of these calls of genxml, one after the other. */
const made = async (
  calls: readonly (readonly string[])[],
): Promise<readonly (readonly [string, string])[]> => {
  const all: (readonly [string, string])[] = [];
  for (const args of calls) {
    const { stdout } = await execa(process.execPath, ["dist/genxml.js", ...args], {
      stripFinalNewline: false,
    });
    all.push([args.at(-1) ?? "", stdout]);
  }
  return all;
};

/** The same domain for an emulated processor, which is all that a machine without KVM has. */
const emulated = (xml: string): string =>
  xml
    .replace(/^<domain type=(["'])kvm\1/m, "<domain type='qemu'")
    .replace(/<cpu mode=(["'])host-(?:passthrough|model)\1.*?(\/?)>/, "<cpu mode='maximum'$2>")
    // QEMU has Hyper-V's interfaces with KVM only.
    .replace(/<hyperv [\s\S]*<\/hyperv>|<timer name="hypervclock"[^>]*>/g, "");

describeInLab("every generated domain", ["libvirt"], () => {
  let lab: Lab;
  let host: Machine;
  let documents: ReadonlyMap<string, string>;
  /** Whether this libvirt has KVM; a driver without it refuses a domain that is to run there. */
  let kvm = false;
  let qxl = false;
  let spice = false;
  let arm = false;
  beforeAll(async () => {
    const half = Math.ceil(calls().length / 2);
    const halves = await Promise.all([made(calls().slice(0, half)), made(calls().slice(half))]);
    documents = new Map(halves.flat());
    lab = await openLab(["libvirt"]);
    host = await lab.machine("host");
    // For what libvirtd finds out about this QEMU, and for its configuration: without them the driver below runs QEMU
    // as another user, learns nothing that it could keep, and takes 20 s for each domain instead of 30 ms.
    const libvirt = await host.libvirt();
    kvm = (await libvirt.virsh("domcapabilities", "--virttype", "kvm")).code === 0;
    // Debian 13 has both in a package of its own, qemu-system-modules-spice.
    const { stdout } = await libvirt.virsh("domcapabilities", "--virttype", "qemu");
    qxl = stdout.includes("<value>qxl</value>");
    spice = stdout.includes("<value>spice</value>");
    arm = (await libvirt.virsh("domcapabilities", "--virttype", "qemu", "--arch", "aarch64")).code === 0;
    await libvirt.stop();
    await host.sh(`
      mkdir -p /run/embed/cache /run/embed/etc
      cp -a /var/cache/libvirt/qemu /run/embed/cache/; cp /etc/libvirt/qemu.conf /run/embed/etc/`);
  });
  afterAll(async () => {
    await lab.close();
  });

  test.each(calls().map((args) => args.at(-1) ?? ""))("%s passes libvirt's schema", async (file) => {
    const xml = documents.get(file) ?? "";
    expect(xml).not.toBe("");
    await host.writeFile("/run/domain.xml", xml);
    expect(await host.run(["virt-xml-validate", "/run/domain.xml", "domain"])).toMatchObject({ code: 0 });
  });

  test.each(["9.0", "11.0"])("so does every network, for libvirt %s", async (version) => {
    const { stdout } = genxml(["network", "--libvirt", version, "fixtures/hosts/host.json"]);
    await host.writeFile("/run/network.xml", stdout);
    expect(await host.run(["virt-xml-validate", "/run/network.xml", "network"])).toMatchObject({ code: 0 });
  });

  /** Defines domains, under other names. libvirt refuses a TPM where swtpm is not installed, and the lab has none; and a video card, graphics or an architecture that QEMU does not have. */
  const defineAll = async (xmls: readonly string[]): Promise<void> => {
    const all = xmls.filter(
      (xml) =>
        !xml.includes("<tpm ") &&
        (qxl || !xml.includes('<model type="qxl"')) &&
        (spice || !xml.includes('<graphics type="spice"')) &&
        (arm || !xml.includes('arch="aarch64"')),
    );
    const names: string[] = [];
    for (const [index, xml] of all.entries()) {
      // Several cases are about one guest: another UUID and name make them different domains.
      const name = `case${String(index)}`;
      const uuid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      const other = xml
        .replace(/<name>.*<\/name>/, `<name>${name}</name>`)
        .replace(/(<uuid>|<entry name="uuid">)[^<]*/g, `$1${uuid}`);
      await host.writeFile(`/run/embed-${name}.xml`, kvm ? other : emulated(other));
      names.push(name);
    }
    const commands = names.map((name) => `define --validate /run/embed-${name}.xml`).join("; ");
    const ran = await host.run(["virsh", "-c", "qemu:///embed?root=/run/embed", commands], {
      timeoutMs: 240_000,
    });
    // virsh goes on behind a command that failed, and its exit code is that of the last.
    expect(ran.stderr.split("\n").filter((line) => line.startsWith("error:"))).toEqual([]);
    expect(ran.stdout.match(/^Domain 'case\d+' defined/gm)).toHaveLength(all.length);
  };

  test("passes define --validate in libvirt's QEMU driver", async () => {
    await defineAll([...documents.values()]);
  });

  test("so does every word of a profile by itself", async () => {
    const folder = mkdtempSync(join(tmpdir(), "guestnet-words-"));
    try {
      for (const [at, [, profile]] of profilesOfWords().entries())
        writeFileSync(join(folder, `${String(at)}.json`), JSON.stringify(profile));
      expect(genxml([folder, "--quiet", "-o", join(folder, "out")])).toMatchObject({ status: 0 });
      const made = readdirSync(join(folder, "out"));
      expect(made).toHaveLength(profilesOfWords().length);
      await defineAll(made.map((file) => readFileSync(join(folder, "out", file), "utf8")));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
