import { error, type Finding, ok, warning } from "../finding.ts";
import type { PeerReadings } from "./peer-readings.ts";

/** Checks whether the hook is installed there, runs, and is of the same version as here. */
export const checkPeerHook = ({ peer, here, there }: PeerReadings): readonly Finding[] => {
  const check = `hook of ${peer}`;
  const install = `on ${peer}: guestnet install`;
  const without = "routed guests cannot move there, and bridge guests would join the bridge's default VLAN";
  if (there.hook === null) return [error(check, "it is not installed", without, install)];
  const { file, version } = there.hook;
  if (there.selfTest?.ok === false) {
    return [
      error(
        check,
        `${file}: ${there.selfTest.said}`,
        "the hook fails when libvirt runs it: no guest with metadata of guestnet starts there",
        install,
      ),
    ];
  }
  if (here.hook !== null && here.hook.version !== version) {
    const impact = "their behaviour may differ";
    const fact = `guestnet ${version} there, ${here.hook.version} here`;
    return [
      warning(check, fact, impact, "# after an update of guestnet on the older host:", "guestnet install"),
    ];
  }
  return [ok(check, `${file}: ${there.selfTest?.said ?? `guestnet ${version}`}`)];
};
