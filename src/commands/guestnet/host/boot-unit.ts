import type { ChangedFile } from "../../../host-trial/trial.ts";

const NAME = "guestnet-host-trial-boot.service";
const UNITS = "/etc/systemd/system";

/** A word of ExecStart= (systemd.service(5), "COMMAND LINES"). */
const word = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;

/**
 * Returns a unit that puts the files back if the host is restarted during a trial, before a network manager reads them. It is there
 * during the trial only.
 *
 * @param command what runs the trial
 */
export const bootFiles = (command: readonly string[]): readonly Pick<ChangedFile, "path" | "next">[] => [
  {
    path: `${UNITS}/${NAME}`,
    next: {
      mode: 0o644,
      text: `[Unit]
Description=End the trial of the host's network that a restart interrupted
DefaultDependencies=no
After=local-fs.target
Before=systemd-modules-load.service systemd-sysctl.service network-pre.target sysinit.target shutdown.target
Conflicts=shutdown.target
Wants=network-pre.target
ConditionPathExists=/etc/guestnet-trial

[Service]
Type=oneshot
ExecStart=${command.map(word).join(" ")}
`,
    },
  },
  { path: `${UNITS}/sysinit.target.wants/${NAME}`, next: { target: `../${NAME}` } },
];
