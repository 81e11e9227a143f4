import { type Finding, ok, warning } from "./finding.ts";
import type { HostReadings, InactiveGuest } from "./host-readings.ts";

const judge = ({ domain: { name }, record }: InactiveGuest): Finding => {
  if (record?.kind === "started")
    return ok("autostart", `guest ${name} has run since the host started, and has stopped`);
  const why = record === null ? "" : `; the hook refused it: ${record.why}`;
  return warning(
    "autostart",
    `guest ${name} has not run since the host started${why}`,
    "libvirt starts it once, when the host starts",
    "guestnet autostart",
  );
};

/** Whether the guests run that are to start with the host, and if not, why. */
export const checkAutostart = ({ inactive, versions }: HostReadings): readonly Finding[] => {
  // Only the daemon reports which guests run.
  if (versions.libvirt.kind === "none") return [];
  const found = inactive.filter(({ autostart }) => autostart).map(judge);
  return found.length > 0 ? found : [ok("autostart", "every autostart guest of guestnet runs")];
};
