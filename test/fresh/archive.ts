import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { cached } from "../lab/cache.mjs";
import { bootstrap, type Suite } from "./bootstrap.ts";

/** The archive of a system of Debian's essential packages with certificates and git; made when it is first wanted. */
export function archiveOf(suite: Suite, say: (line: string) => void): string {
  const file = cached("fresh", `${suite}.tar`);
  if (existsSync(file)) return file;
  say(`making ${file}: a minute, once`);
  mkdirSync(dirname(file), { recursive: true });
  bootstrap(suite, ["ca-certificates", "git"], file, say);
  return file;
}
