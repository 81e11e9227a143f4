import { existsSync } from "node:fs";
import { runProgram } from "../../support/run-program.ts";
import { type NextPrograms, SUITE, unpacked, unpackNext } from "./next-debian.ts";

/** From this version on FRR handles one VXLAN device for all VNIs (FRRouting/frr#12364). */
const SINCE = 9;

/** FRR's own libraries, and those that another Debian has under another name or not at all. */
const FRR: NextPrograms = {
  folder: "frr",
  packages: [
    ...["frr", "libaudit1", "libcap-ng0", "libcap2", "libcrypt1", "libjson-c5", "liblua5.3-0", "liblzma5"],
    ...["libpam0g", "libpcre2-8-0", "libprotobuf-c1", "libreadline8t64", "libtinfo6", "libunwind8"],
    ...["libxxhash0", "libyang3"],
  ],
  programs: ["usr/lib/frr/zebra", "usr/lib/frr/bgpd", "usr/bin/vtysh"],
  libraries: ["frr"],
};

/** Where the programs of an FRR are that can do EVPN with one VXLAN device. */
export interface EvpnFrr {
  readonly zebra: string;
  readonly bgpd: string;
  readonly vtysh: string;
}

const INSTALLED: EvpnFrr = {
  zebra: "/usr/lib/frr/zebra",
  bgpd: "/usr/lib/frr/bgpd",
  vtysh: "/usr/bin/vtysh",
};

const isNewEnough = ({ zebra }: EvpnFrr): boolean => {
  if (!existsSync(zebra)) return false;
  const [, major = "0"] = /^zebra version (\d+)/m.exec(runProgram(zebra, ["--version"]).stdout) ?? [];
  return Number(major) >= SINCE;
};

/** Where this machine, or the lab for it, has such an FRR; null where neither has. */
export const evpnFrr = (): EvpnFrr | null => {
  const next: EvpnFrr = {
    zebra: unpacked(FRR, "zebra"),
    bgpd: unpacked(FRR, "bgpd"),
    vtysh: unpacked(FRR, "vtysh"),
  };
  return [INSTALLED, next].find(isNewEnough) ?? null;
};

/** Sees to it that tests of EVPN have an FRR: Debian's package, or from Debian 12 that of the next. */
export const ensureFrr = (say: (line: string) => void): void => {
  if (evpnFrr() !== null) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say(`there is no FRR ${String(SINCE)}, and only root on Debian can have it here: EVPN is not tested`);
    return;
  }
  say(`unpacking frr of Debian's ${SUITE}`);
  unpackNext(FRR);
  if (evpnFrr() === null) throw new Error("the unpacked FRR does not run");
};
