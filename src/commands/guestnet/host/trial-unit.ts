import { lastLine } from "../../../values/error-text.ts";
import type { Run } from "../../../kernel/host.ts";
import { Failure } from "../../../values/failure.ts";

const UNIT = "guestnet-host-trial";

/** Has systemd run the trial, so that it goes on without the session that started it, and again after it was killed. @param command what runs it */
export const startUnit = async (command: readonly string[], run: Run): Promise<void> => {
  const restart = ["Restart=on-failure", "RestartForceExitStatus=SIGTERM", "RestartSec=100ms"];
  const ran = await run("systemd-run", [
    ...["--quiet", "--collect", `--unit=${UNIT}`, "--description=Trial of the host's network"],
    ...restart.map((property) => `--property=${property}`),
    ...command,
  ]);
  if (ran.code === 0) return;
  throw new Failure(`cannot start the trial: ${lastLine(ran.stderr)}`, `systemctl status ${UNIT}`);
};

/** Returns whether systemd runs a trial now, or is about to run it again. A systemd that does not answer has ended none. */
export const isUnitActive = async (run: Run): Promise<boolean> => {
  const { stdout } = await run("systemctl", ["is-active", UNIT]);
  return !["inactive", "failed", "unknown"].includes(stdout.trim());
};
