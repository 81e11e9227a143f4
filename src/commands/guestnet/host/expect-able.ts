import { commandsOf, type ManagerCommands, programOf } from "../../../host-trial/managers.ts";
import { Failure } from "../../../values/failure.ts";
import type { DescribedHost } from "../../genxml/input/host-network.ts";
import type { HostSystem } from "../system/files.ts";
import type { PlannedHost } from "./planned-host.ts";

/** Returns the commands that make a plan. */
export const commandsOfPlan = ({ network }: DescribedHost, { format, files }: PlannedHost): ManagerCommands =>
  commandsOf(
    format,
    network,
    files.map(({ path, before, next }) => ({ path, before: before !== null, after: next !== null })),
  );

const MISSING = 'for name; do command -v -- "$name" >/dev/null || printf "%s\\n" "$name"; done';
const BY_HAND = "genxml host host.json -o /, and apply it by its console";

/**
 * Refuses a host that a trial cannot run on: without systemd as process 1 (sd_booted(3)), which runs it, or without a program of it.
 *
 * @param on the host, for the message: ` on kvm2`, or empty
 */
export const expectAble = async (
  { apply, keep }: ManagerCommands,
  programs: readonly string[],
  { run, files }: HostSystem,
  on: string,
): Promise<void> => {
  if ((await files.state("/run/systemd/system"))?.kind !== "directory")
    throw new Failure(`cannot try host.json${on}: systemd, which runs a trial, is not process 1`, BY_HAND);
  const names = new Set([...programs, ...[...apply, ...keep].map(programOf)]);
  const missing = (await run("sh", ["-c", MISSING, "sh", ...names])).stdout.trim();
  if (missing !== "")
    throw new Failure(
      `cannot try host.json${on}: not installed: ${missing.split("\n").join(", ")}`,
      "install it, or name another program by --format",
    );
};
