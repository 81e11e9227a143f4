import type { Command } from "commander";
import { connectOption } from "./survey-options.ts";

const EXAMPLES = `
Examples:
  guestnet doctor                   the host itself: what is found, why it matters, what mends it
  guestnet doctor --json | jq '.findings[] | select(.kind != "good")'

Exit codes: 0 no error (warnings do not count), 1 errors.`;

/** Adds `guestnet doctor`. */
export const addDoctor = (program: Command): void => {
  program
    .command("doctor")
    .description(
      "Examines the host: versions, the hook and whether the daemon knows it, bridges, VLANs of uplinks, forwarding, network managers. Changes nothing.",
    )
    .summary("examine the host itself, and say what mends it")
    .addOption(connectOption())
    .option("--json", "as JSON", false)
    .addHelpText("after", EXAMPLES)
    .action(async ({ connect, json }: { readonly connect: string; readonly json: boolean }) => {
      const { doctorCommand } = await import("./doctor/doctor.ts");
      process.exitCode = await doctorCommand({ uri: connect, json });
    });
};
