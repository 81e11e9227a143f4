// Prepares this machine for the lab: packages, then the guest image. `npx tsx test/lab/setup.ts`
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { guestImageFolder } from "./guest-image.ts";
import { buildGuestImage } from "./guest-image-build.ts";
import { installPackages, missingPackages } from "./packages.ts";
import { ensureQuickJs } from "./quickjs.ts";

/** Does what is missing, and nothing if nothing is; fails with what a person has to do. */
export function ensureSetup(say: (line: string) => void = console.error): void {
  for (let last = ""; ;) {
    const missing = missingPackages();
    if (missing.length === 0) break;
    if (missing.join(" ") === last) throw new Error(`installed, and still not seen: ${last}`);
    installPackages(missing, say);
    last = missing.join(" ");
  }
  ensureQuickJs(say);
  buildGuestImage(say);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    ensureSetup((line) => {
      console.error(`lab setup: ${line}`);
    });
    console.error(`lab setup: ready, the guest image is ${guestImageFolder()}`);
  } catch (error) {
    console.error(`lab setup: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
