import { probeCommand, type Ability } from "./abilities.ts";
import { capabilitiesFolder } from "./machine/capabilities.ts";
import { detect, missing, type Mode } from "./detect.ts";
import { startEnvironment } from "./environment/environment.ts";
import { startMachine, type Machine, type OwnMachine } from "./machine/machine.ts";
import { nativeRecipe } from "./environment/native.ts";
import { traced } from "./trace.ts";
import { umlKernel } from "./kernels/uml-kernel.ts";
import { umlRecipe } from "./environment/uml.ts";

/** A throw-away network of machines. */
export interface Lab {
  readonly mode: Mode;
  /** Starts a machine. Its name is its host name, too. */
  machine(name: string): Promise<Machine>;
  /** A cable between two machines, both ends up. */
  wire(a: Machine, ifA: string, b: Machine, ifB: string): Promise<void>;
  /** Ends a machine at once, with its processes and its ends of cables, as a power cut does: it sends no farewell. */
  cutPower(machine: Machine): Promise<void>;
  /** Ends everything. */
  readonly close: () => Promise<void>;
}

/** Opens a lab that has the abilities needed, natively if this machine's kernel has them, otherwise in UML. */
export async function openLab(needs: readonly Ability[]): Promise<Lab> {
  const found = detect(needs);
  if ("why" in found) throw new Error(`no lab with ${needs.join(", ")} can run here: ${found.why}`);
  const kernel = found.mode === "uml" ? umlKernel(needs) : undefined;
  const recipe = kernel === undefined ? nativeRecipe() : umlRecipe(kernel);
  const { agent, close } = await traced("lab", `(opens, ${found.mode})`, () => startEnvironment(recipe));
  const machines = new Map<Machine, OwnMachine>();
  const own = (machine: Machine): OwnMachine => {
    const known = machines.get(machine);
    if (known === undefined) throw new Error(`machine ${machine.name} is not of this lab`);
    return known;
  };
  const lab: Lab = {
    mode: found.mode,
    async machine(name) {
      const machine = await startMachine(agent, name, capabilitiesFolder(kernel));
      machines.set(machine, machine);
      return machine;
    },
    async wire(a, ifA, b, ifB) {
      const end = (machine: Machine, name: string): string[] => ["name", name, "netns", `${own(machine).ns}`];
      const argv = ["ip", "link", "add", ...end(a, ifA), "type", "veth", "peer", ...end(b, ifB)];
      const { code, stderr } = await agent.run({ argv });
      if (code !== 0) throw new Error(`cannot wire ${a.name} ${ifA} to ${b.name} ${ifB}: ${stderr}`);
      await Promise.all([a.run(["ip", "link", "set", ifA, "up"]), b.run(["ip", "link", "set", ifB, "up"])]);
    },
    async cutPower(machine) {
      // The machine's process 1 ends with its parent (unshare --kill-child), and everything of its pid namespace with process 1.
      await agent.run({ argv: ["kill", "-KILL", `${own(machine).ns}`] });
      machines.delete(machine);
    },
    close,
  };
  // What is known about UML's kernels is a claim until now.
  const probe = kernel === undefined ? "" : (await agent.run({ argv: probeCommand(needs) })).stdout;
  const why = missing(probe);
  if (why === undefined) return lab;
  await close();
  throw new Error(`the User Mode Linux ${kernel?.binary} has ${why}`);
}
