// `npm run fuzz-hook -- [INPUTS] [SEED]`: the hook with that many broken domain XMLs and tools that print anything. It never throws, never
// says more than why, and after it a release leaves nothing behind. Every thousandth input goes through the built hook, in a process.
import fc from "fast-check";
import { describeFailure } from "../../src/hook/describe-failure.ts";
import { exitOnFailure } from "../../src/hook/event.ts";
import { handle } from "../../src/hook/handle.ts";
import { isBridged, type LiveDomain } from "../../src/guest/nic.ts";
import type { Host, Ran } from "../../src/kernel/host.ts";
import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { scanXml } from "../../src/xml/scan.ts";
import { generate } from "../e2e/stage/guest/generate.ts";
import { NODE, preferredEngine } from "../lab/engines.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hookCopy } from "../support/hook-copy.ts";
import { hostWith, plug, stateOf, unplug } from "../support/life.ts";
import { type Edit, edits } from "./mutate.ts";

const OPERATIONS = ["prepare", "start", "reconnect", "release"] as const;
const access = { type: "bridge", bridge: "br0", vlan: 20 };
const routed = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] };
const XMLS = [
  [access],
  [{ ...access, addresses: ["10.0.20.5/24", "2001:db8:20::5/64"] }],
  [{ type: "bridge", bridge: "br1", trunk: [30, "100-103"], native: 10, isolated: true }],
  [routed],
  [{ ...routed, vrf: "red", prefixes: [], addresses: ["2001:db8::2"] }],
  [access, routed],
].map((interfaces) =>
  generate({ name: "t", memory: "1 GiB", interfaces }).replaceAll("'", "&apos;").replaceAll('"', "'"),
);

/** What one answer of a tool becomes. */
interface Lie {
  readonly stream: "stdout" | "stderr";
  readonly edit: Edit;
  readonly code: number;
}
const lies = fc.array(
  fc.option(
    fc.record({
      stream: fc.constantFrom<Lie["stream"][]>("stdout", "stdout", "stderr"),
      edit: edits,
      code: fc.constantFrom(0, 0, 1, 124),
    }),
  ),
  { maxLength: 6 },
);
const inputs = fc.record({
  xml: fc.constantFrom(...XMLS),
  other: fc.constantFrom(...XMLS),
  damage: fc.oneof(fc.constant<Edit[]>([]), fc.array(edits, { maxLength: 3 })),
  operation: fc.constantFrom(...OPERATIONS),
  lies,
});

const lying = (kernel: FakeKernel, told: readonly (Lie | null)[]): Host => {
  let calls = 0;
  const run = async (file: string, args: readonly string[], stdin?: string): Promise<Ran> => {
    const ran = await kernel.run(file, args, stdin);
    const lie = told[calls++];
    if (!lie) return ran;
    return { ...ran, code: lie.code, [lie.stream]: lie.edit(ran[lie.stream], ran.stdout) };
  };
  const { readFile, exists, readSysctl, writeSysctl, writeSysfs } = kernel;
  return { run, readFile, exists, readSysctl, writeSysctl, writeSysfs };
};

/** Words of an engine or of the fake kernel that say that the hook itself is wrong. */
const OWN_FAULT =
  /\n\s+at |is not a function|is not iterable|Cannot (?:read|set|convert)|undefined|unreachable: |the fake kernel|Invalid (?:code point|array length)/;
const counts = { unreadable: 0, refused: 0, good: 0, processes: 0 };

const judge = (line: string): void => {
  if (OWN_FAULT.test(line)) throw new Error(`the hook says: ${line}`);
};

const inProcess = async (
  domain: LiveDomain,
  operation: (typeof OPERATIONS)[number],
  told: readonly (Lie | null)[],
) => {
  const kernel = hostWith();
  const bridgesAreThere = domain.nics.every(
    (nic) => !isBridged(nic) || ["br0", "br1"].includes(nic.attachment.bridge),
  );
  const before = stateOf(kernel);
  if (operation !== "prepare") {
    await handle("prepare", domain, kernel);
    if (bridgesAreThere) plug(domain, kernel);
  }
  const { wrong, notes } = await handle(operation, domain, lying(kernel, told));
  for (const line of [...wrong, ...notes]) judge(line);
  judge(describeFailure({ guest: domain.name, operation }, wrong));
  if (operation === "reconnect" && exitOnFailure(operation) !== 0) throw new Error("reconnect fails");
  counts[wrong.length > 0 ? "refused" : "good"] += 1;
  // What libvirt does after a failure, and at the end of any guest.
  unplug(domain, kernel);
  await handle("release", domain, kernel);
  kernel.guard = hostWith().guard;
  if (stateOf(kernel) !== before) throw new Error(`left behind:\n${stateOf(kernel)}`);
};

const hooks = [...new Set([NODE, preferredEngine()])].map((engine) => hookCopy(engine));
for (const hook of hooks) hook.tool("nft", "echo '{\"nftables\":[]}'");
const throughTheHook = (xml: string, operation: string, told: readonly (Lie | null)[]): void => {
  const printed = told.find((lie) => lie !== null)?.edit('[{"ifname":"t-0"}]', xml) ?? "[]";
  for (const hook of hooks) {
    for (const tool of ["ip", "bridge"])
      hook.tool(tool, `cat >/dev/null; printf %s '${printed.replaceAll("\0", "").replaceAll("'", `'\\''`)}'`);
    const { status, stdout, stderr } = hook.call(operation, xml);
    const fails = operation === "prepare" || operation === "start";
    if (stdout !== "" || (status !== 0 && !(fails && status === 1)))
      throw new Error(`${operation} ends with ${String(status)}: ${stdout}${stderr}`);
    judge(stderr);
    counts.processes += 1;
  }
};

const [runs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
let count = 0;
try {
  await fc.assert(
    fc.asyncProperty(inputs, async ({ xml, other, damage, operation, lies: told }) => {
      const text = damage.reduce((sum, edit) => edit(sum, other), xml);
      if (count++ % 1000 === 0) throughTheHook(text.replaceAll("\0", ""), operation, told);
      const parsed = parseDomain(scanXml(text));
      if (parsed.ok) return inProcess(parsed.value, operation, told);
      counts.unreadable += 1;
      parsed.problems.forEach(judge);
    }),
    { numRuns: runs, seed },
  );
} finally {
  for (const hook of hooks) hook.remove();
}
console.log(
  `fuzz-hook: ${String(runs)} inputs, seed ${String(seed)}: ${String(counts.good)} done, ${String(counts.refused)} refused, ` +
    `${String(counts.unreadable)} unreadable; ${String(counts.processes)} calls of the built hook`,
);
