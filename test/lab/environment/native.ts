import type { Recipe } from "./environment.ts";
import { here } from "../here.ts";

/** The environment on this machine's own kernel: new namespaces, which only root may make. */
export function nativeRecipe(): Recipe {
  const namespaces = [
    "--mount",
    "--net",
    "--pid",
    "--uts",
    "--ipc",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  const init = ["sh", here("environment/environment-init.sh"), process.execPath, here("agent.mjs")];
  return { argv: ["unshare", ...namespaces, ...init] };
}
