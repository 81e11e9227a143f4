// What the hook costs beside its floor and beside others' hooks: `npm run bench-hook [ROUNDS]`. docs/performance.md has the numbers.
// It runs in the lab, on a kernel that filters VLANs, and needs its packages, xmllint and python3-pyroute2.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bare } from "../test/e2e/generate.ts";
import { installHook } from "../test/e2e/install-hook.ts";
import { type Machine, openLab } from "../test/lab/lab.ts";

const rounds = Number(process.argv[2] ?? 30);
const HOOK = "/etc/libvirt/hooks/qemu";

/** Something to be timed: calls one after the other, and what puts the host back before them. */
interface Contender {
  readonly name: string;
  readonly before?: string;
  readonly calls: readonly { readonly argv: readonly string[]; readonly input?: string }[];
}

const xmlOf = (nic: object): string =>
  bare("vm", [{ type: "bridge", bridge: "br0", vlan: 20, ...nic }]).replaceAll('"', "'");
const plain = xmlOf({});
const guarded = xmlOf({ addresses: ["10.0.20.5/24", "2001:db8:20::5/64"] });
const foreign = plain.replace(/<metadata>[^]*<\/metadata>/, "");

/** A port as libvirt has just made it: in the bridge's default VLAN and nothing else. */
const fresh = "ip link set vm-0 nomaster; ip link set vm-0 group default master br0";
const call = (file: string, operation: string, input = plain) => ({
  argv: [file, "vm", operation, "begin", "-"],
  input,
});
const started = (file: string, input = plain) =>
  ["prepare", "start", "started"].map((operation) => call(file, operation, input));

const contenders: readonly Contender[] = [
  { name: "sh -c :", calls: [{ argv: ["sh", "-c", ":"] }] },
  { name: "node -e 0", calls: [{ argv: ["/usr/bin/node", "-e", "0"] }] },
  { name: "an operation that is not ours", calls: [call(HOOK, "stopped")] },
  { name: "a guest that is not ours", calls: [call(HOOK, "start", foreign)] },
  { name: "start", before: fresh, calls: [call(HOOK, "start")] },
  { name: "start, with addresses", before: fresh, calls: [call(HOOK, "start", guarded)] },
  { name: "all calls of one virsh start", before: fresh, calls: started(HOOK) },
  { name: "bash and xmllint, all calls", before: fresh, calls: started(resolve("bench/peers/bash-xmllint")) },
  { name: "Python and pyroute2, all calls", before: fresh, calls: started(resolve("bench/peers/pyroute2")) },
];

const measureOn = async (
  host: Machine,
  folder: string,
  some: readonly Contender[],
): Promise<ReadonlyMap<string, number>> => {
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ contenders: some, rounds }));
  const argv = ["/usr/bin/node", resolve("bench/rounds.mjs"), join(folder, "plan.json")];
  const { code, stdout, stderr } = await host.run(argv, { timeoutMs: 900_000 });
  if (code !== 0) throw new Error(stderr);
  const medians = JSON.parse(stdout) as readonly number[];
  return new Map(some.map(({ name }, index) => [name, medians[index] ?? NaN]));
};

const folder = mkdtempSync(join(tmpdir(), "guestnet-bench-"));
const lab = await openLab(["vlan-filtering", "nft-bridge"]);
try {
  const host = await lab.machine("host");
  await host.sh(`ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up
    ip tuntap add dev vm-0 mode tap; ip link set vm-0 master br0 up`);
  await installHook(host);
  const times = await measureOn(host, folder, contenders);
  await host.sh("ip link set br0 type bridge vlan_default_pvid 1");
  const withPvid = await measureOn(
    host,
    folder,
    contenders.filter(({ name }) => name === "node -e 0" || name === "start"),
  );
  await host.sh("ip link set br0 type bridge vlan_default_pvid 0");
  await host.sh(
    `for n in $(seq 999); do echo "tuntap add dev t$n mode tap"; echo "link set t$n master br0"; done | ip -batch -`,
  );
  const among = await measureOn(
    host,
    folder,
    contenders.filter(({ name }) => name === "node -e 0" || name === "start"),
  );

  const time = (name: string): number => times.get(name) ?? NaN;
  console.log(`Node ${process.version}, medians of ${String(rounds)} interleaved rounds\n`);
  for (const [name, ms] of times) console.log(`${name.padEnd(34)}${ms.toFixed(1).padStart(8)} ms`);
  console.log(
    `${"start, default PVID 1".padEnd(34)}${(withPvid.get("start") ?? NaN).toFixed(1).padStart(8)} ms (node -e 0: ${(withPvid.get("node -e 0") ?? NaN).toFixed(1)})`,
  );
  console.log(
    `${"start, among 1000 taps".padEnd(34)}${(among.get("start") ?? NaN).toFixed(1).padStart(8)} ms (node -e 0: ${(among.get("node -e 0") ?? NaN).toFixed(1)})`,
  );
  const all = time("all calls of one virsh start");
  const bounds = [
    ["not our operation - sh -c :", time("an operation that is not ours") - time("sh -c :"), 2],
    ["not our guest - sh -c :", time("a guest that is not ours") - time("sh -c :"), 2],
    ["start - node -e 0", time("start") - time("node -e 0"), 12],
    ["all calls / node -e 0", all / time("node -e 0"), 1.8],
    ["all calls / pyroute2", all / time("Python and pyroute2, all calls"), 1 / 3],
    ["start among 1000 taps / among 1", (among.get("start") ?? NaN) / time("start"), 1.5],
  ] as const;
  console.log("");
  for (const [name, value, bound] of bounds) {
    const verdict = value <= bound ? "ok" : "TOO SLOW";
    console.log(`${name.padEnd(34)}${value.toFixed(2).padStart(8)}, at most ${bound.toFixed(2)}: ${verdict}`);
    if (value > bound) process.exitCode = 1;
  }
} finally {
  await lab.close();
  rmSync(folder, { recursive: true });
}
