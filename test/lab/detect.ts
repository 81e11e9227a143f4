import { runProgram } from "../support/run-program.ts";
import { probeCommand, type Ability } from "./abilities.ts";
import { labEnv } from "./lab-env.ts";
import { umlKernel } from "./kernels/uml-kernel.ts";

/** Where a lab runs: on this machine's own kernel, or inside User Mode Linux. */
export type Mode = "native" | "uml";

/** Which kind of lab has all that is needed here, or why none has. GUESTNET_LAB_MODE forbids the other kind. */
export function detect(needs: readonly Ability[]): { readonly mode: Mode } | { readonly why: string } {
  const only = process.env["GUESTNET_LAB_MODE"];
  const reasons: string[] = [];
  for (const [mode, obstacle] of [
    ["native", nativeObstacle],
    ["uml", umlObstacle],
  ] as const) {
    const why = only !== undefined && only !== mode ? `GUESTNET_LAB_MODE is ${only}` : obstacle(needs);
    if (why === undefined) return { mode };
    reasons.push(`${mode}: ${why}`);
  }
  return { why: reasons.join("; ") };
}

function nativeObstacle(needs: readonly Ability[]): string | undefined {
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "not root";
  const [command = "", ...args] = probeCommand(needs);
  const probe = runProgram(command, args, { timeout: 20_000, env: labEnv() });
  if (probe.status !== 0 && probe.stdout === "")
    return `no namespaces: ${probe.stderr.trim() || `${command} cannot be run`}`;
  return missing(probe.stdout);
}

function umlObstacle(needs: readonly Ability[]): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "this is not Linux on x86-64";
  const kernel = umlKernel(needs);
  if (kernel === undefined) return "no linux.uml (package user-mode-linux)";
  const lacking = needs.filter((ability) => !kernel.abilities.includes(ability));
  return missing(lacking.join("\n"));
}

/** The reason that the output of a probe stands for: none if it is empty. */
export function missing(lines: string): string | undefined {
  const names = lines.split("\n").filter((line) => line !== "");
  return names.length === 0 ? undefined : `no ${names.join(", ")}`;
}
