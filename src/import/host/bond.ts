import type { LiveLink } from "../../live-network/live-network.ts";
import type { HostReport } from "./host-report.ts";
import type { WrittenBond } from "./written-host.ts";

/** Settings that host.json has by default, or that the kernel has (bonding.rst). */
const MIIMON = 100;
const HASHED: ReadonlySet<string> = new Set(["balance-xor", "802.3ad", "balance-tlb"]);

/** Returns a bond as `host.json` has it, or null for another device. */
export const bondOf = (
  { name, bond }: LiveLink,
  ports: readonly LiveLink[],
  report: HostReport,
): WrittenBond | null => {
  if (bond === null) return null;
  if (ports.length === 0) {
    report.dropped(name, "a bond without ports");
    return null;
  }
  const { mode, miimon, lacpRate, hashPolicy, primary, minLinks } = bond;
  if ((miimon ?? 0) === 0)
    report.changed(name, `it did not check the carrier of its ports (miimon 0): every ${String(MIIMON)} ms`);
  report.taken(name, `a bond of ${ports.map((port) => port.name).join(", ")}`);
  const isLacp = mode === "802.3ad";
  return {
    ports: ports.map((port) => port.name),
    mode,
    ...(miimon === null || miimon === 0 || miimon === MIIMON ? {} : { miimon }),
    ...(isLacp && lacpRate === "fast" ? { lacpRate } : {}),
    ...(HASHED.has(mode) && hashPolicy !== null && hashPolicy !== "layer2" ? { hashPolicy } : {}),
    ...(primary === null ? {} : { primary }),
    ...(isLacp && minLinks !== null && minLinks > 0 ? { minLinks } : {}),
  };
};
