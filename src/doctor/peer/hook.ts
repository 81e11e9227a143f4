import { error, type Finding, good, warning } from "../finding.ts";
import type { PeerReadings } from "./peer-readings.ts";

/** Whether the hook is there, runs, and thinks as the one here does. */
export const checkPeerHook = ({ peer, here, there }: PeerReadings): readonly Finding[] => {
  const check = `hook of ${peer}`;
  const install = `on ${peer}: guestnet install`;
  const without = "routed guests cannot move there, and bridge guests would be in the bridge's default VLAN";
  if (there.hook === null) return [error(check, "it is not installed", without, install)];
  const { file, version } = there.hook;
  if (there.selfTest?.ok === false) {
    return [
      error(
        check,
        `${file}: ${there.selfTest.said}`,
        `it fails when libvirt runs it: no guest of ours starts there`,
        install,
      ),
    ];
  }
  if (here.hook !== null && here.hook.version !== version) {
    const why = "the two may think differently of what a guest's metadata wants";
    const found = `guestnet ${version} there, ${here.hook.version} here`;
    return [warning(check, found, why, "the same version on both: guestnet install")];
  }
  return [good(check, `${file}: ${there.selfTest?.said ?? `guestnet ${version}`}`)];
};
