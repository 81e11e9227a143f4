import { fileURLToPath } from "node:url";

/** The path of a file of this folder, such as a script that runs inside the lab. */
export function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
