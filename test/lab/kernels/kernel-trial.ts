import { probeCommand } from "../abilities.ts";
import { missing } from "../detect.ts";
import { startEnvironment } from "../environment/environment.ts";
import { umlRecipe } from "../environment/uml.ts";
import type { UmlKernel } from "./uml-kernel.ts";

/** Boots a kernel, and fails unless it has the abilities that it is said to have. */
export async function tryKernel(kernel: UmlKernel): Promise<void> {
  const { agent, close } = await startEnvironment(umlRecipe(kernel));
  try {
    const why = missing((await agent.run({ argv: probeCommand(kernel.abilities) })).stdout);
    if (why !== undefined) throw new Error(`${kernel.binary} has ${why}`);
  } finally {
    await close();
  }
}
