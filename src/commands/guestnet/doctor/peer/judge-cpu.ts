import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HardwareVerdict } from "../../../../doctor/peer/peer-readings.ts";
import { saidBy, type Virsh } from "../../../../run/virsh.ts";
import type { Run } from "../../../../kernel/host.ts";
import type { OpenHost } from "../../hosts/open-host.ts";

const flagsOf = async (run: Run): Promise<readonly string[]> => {
  const { stdout } = await run("grep", ["-m1", "-E", "^(flags|Features)\\s*:", "/proc/cpuinfo"]);
  return stdout.replace(/^.*?:/, "").trim().split(/\s+/);
};

/** A guest that has the host's own CPU must find all that it has seen. */
const judgePassthrough = async (here: Run, there: Run): Promise<HardwareVerdict> => {
  const [own, other] = await Promise.all([flagsOf(here), flagsOf(there)]);
  const missing = own.filter((flag) => !other.includes(flag));
  return missing.length === 0
    ? { kind: "fits" }
    : {
        kind: "lacks",
        why: `the CPU there has not ${missing.join(", ")}, and the guest has this host's own (host-passthrough)`,
      };
};

const judgeModel = async (
  byUri: Virsh,
  cpu: string,
  options: readonly string[],
): Promise<HardwareVerdict> => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-cpu-"));
  try {
    // virsh reads a file, and standard input is a socket here, which cannot be opened by its name.
    const file = join(folder, "cpu.xml");
    writeFileSync(file, `${cpu}\n`);
    const ran = await byUri("hypervisor-cpu-compare", file, ...options);
    const said = `${ran.stdout} ${ran.stderr}`;
    if (/is (identical|superset)|superset of/i.test(said)) return { kind: "fits" };
    const why = saidBy(ran).replaceAll(file, "the guest");
    return { kind: /incompatible/i.test(said) ? "lacks" : "unknown", why };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Whether a guest's CPU is there on the other host.
 *
 * @param cpu `<cpu>` of the guest's live XML
 * @param options of virsh: which QEMU it is
 */
export const judgeCpu = (
  cpu: string,
  options: readonly string[],
  here: Run,
  { run, byUri }: OpenHost,
): Promise<HardwareVerdict> => {
  if (cpu.includes("mode='host-passthrough'")) return judgePassthrough(here, run);
  // Whatever QEMU can do without KVM, it can on every host of its version.
  if (cpu.includes("mode='maximum'")) return Promise.resolve({ kind: "fits" });
  return judgeModel(byUri, cpu, options);
};
