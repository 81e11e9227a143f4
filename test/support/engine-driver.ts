// Runs in an engine of the hook: does what its argument says, a step after the other, and writes to the file that it names what came of each.
import { node } from "../../hooks/engines/node.ts";
import { quickjs } from "../../hooks/engines/quickjs.ts";
import { deadline } from "../../src/run/deadline.ts";
import type { EngineStep } from "./engine-step.ts";

const engine = "scriptArgs" in globalThis ? quickjs() : node(require);

const run = ([file, ...args]: readonly [string, ...string[]], ms: number, stdin?: string) =>
  engine.runUntil(deadline(Date.now() + ms))(file, args, stdin);

const take = (step: EngineStep): unknown => {
  if ("run" in step) return run(step.run, step.ms, step.stdin);
  if ("both" in step) return Promise.all(step.both.map((words) => run(words, 10_000)));
  if ("readFile" in step) return engine.readFile(step.readFile);
  if ("exists" in step) return engine.exists(step.exists);
  if ("writeFile" in step) {
    engine.writeFile(...step.writeFile);
    return null;
  }
  if ("take" in step) return engine.takeVariable(step.take);
  const [file, ...args] = step.leave;
  return engine.leave(file, args);
};

const main = async (): Promise<void> => {
  const results: unknown[] = [];
  for (const step of JSON.parse(engine.readInput()) as readonly EngineStep[]) {
    try {
      results.push(await take(step));
    } catch (error) {
      results.push(`threw: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  engine.writeFile(engine.args[0] ?? "", JSON.stringify(results));
  engine.exit(0);
};
void main();
