import { probeCommand } from "./abilities.ts";
import { missing } from "./detect.ts";
import { startEnvironment } from "./environment.ts";
import { umlRecipe } from "./uml.ts";
import { smallKernelAt } from "./uml-kernel.ts";

/** Boots a small kernel that has just been built, and fails unless it has the abilities that every small one has. */
export async function tryKernel(binary: string): Promise<void> {
  const kernel = smallKernelAt(binary);
  const { agent, close } = await startEnvironment(umlRecipe(kernel));
  try {
    const why = missing((await agent.run({ argv: probeCommand(kernel.abilities) })).stdout);
    if (why !== undefined) throw new Error(`the new User Mode Linux has ${why}`);
  } finally {
    await close();
  }
}
