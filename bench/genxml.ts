// What genxml costs beside what people use today: `npm run bench [ROUNDS]`. docs/explanation/performance.md has the numbers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { measure } from "./measure.ts";

const GENXML = [process.execPath, resolve("dist/genxml.js")];
const MANY = 1000;
const rounds = Number(process.argv[2] ?? 20);

const profile = (name: string) => ({
  name,
  memory: "1 GiB",
  vcpus: 2,
  disks: [{ source: `/var/lib/libvirt/images/${name}.qcow2` }],
  interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }],
});

/** The same guest. virt-install insists on an --osinfo: the system in the guest, which decides about virtio and the like. */
const virtInstall = [
  ["virt-install", "--connect", "test:///default", "--print-xml", "--import"],
  ["--name", "dns1", "--memory", "1024", "--vcpus", "2", "--osinfo", "debian11"],
  ["--disk", "path=/var/lib/libvirt/images/dns1.qcow2,format=qcow2,bus=virtio,size=1"],
  ["--network", "bridge=br0,model=virtio", "--graphics", "none"],
].flat();

/** The least that it can be made to do: nothing is known of the guest's system. */
const withoutOsinfo = virtInstall.map((word) => (word === "debian11" ? "detect=off,require=off" : word));

const folder = mkdtempSync(join(tmpdir(), "guestnet-bench-"));
try {
  mkdirSync(join(folder, "guests"));
  const files = Array.from({ length: MANY }, (_, index) => {
    const file = join(folder, "guests", `guest${String(index)}.json`);
    writeFileSync(file, JSON.stringify(profile(`guest${String(index)}`)));
    return file;
  });
  const [one = ""] = files;
  const many = `genxml, ${String(MANY)} guests`;
  // Written anew each time; into the other folder they are written once, and then nothing has changed.
  const fresh = join(folder, "fresh");
  const afresh = (): void => {
    rmSync(fresh, { recursive: true, force: true });
  };
  const times = measure(
    [
      { name: "node -e 0", command: [process.execPath, "-e", "0"] },
      { name: "genxml --help", command: [...GENXML, "--help"] },
      { name: "genxml, 1 guest", command: [...GENXML, one] },
      { name: many, command: [...GENXML, ...files, "-o", fresh], before: afresh },
      { name: "the same, unchanged", command: [...GENXML, ...files, "-o", join(folder, "kept")] },
      { name: "virt-install --print-xml", command: virtInstall },
      { name: "virt-install, no osinfo", command: withoutOsinfo },
    ],
    rounds,
  );
  const time = (name: string): number => times.get(name) ?? NaN;
  console.log(`Node ${process.version}, medians of ${String(rounds)} interleaved rounds\n`);
  for (const [name, ms] of times) console.log(`${name.padEnd(26)}${ms.toFixed(0).padStart(7)} ms`);
  const bounds = [
    ["one guest / virt-install", time("genxml, 1 guest") / time("virt-install --print-xml"), 1 / 3],
    [`${String(MANY)} guests / one guest`, time(many) / time("genxml, 1 guest"), 25],
    ["genxml --help / node -e 0", time("genxml --help") / time("node -e 0"), 1.6],
  ] as const;
  console.log("");
  for (const [name, ratio, bound] of bounds) {
    const verdict = ratio <= bound ? "ok" : "TOO SLOW";
    console.log(`${name.padEnd(26)}${ratio.toFixed(2).padStart(7)}, at most ${bound.toFixed(2)}: ${verdict}`);
    if (ratio > bound) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
