// Prepares this machine for the lab: packages, with --kernels the small kernels, then the guest image.
// `npx tsx test/lab/setup.ts [--kernels]`
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { detect } from "./detect.ts";
import { guestImageFolder } from "./guest/guest-image.ts";
import { buildGuestImage } from "./guest/guest-image-build.ts";
import { installPackages, missingPackages } from "./packages/install-packages.ts";
import { ensureKernels } from "./kernels/kernel-build.ts";
import { SMALL_ABILITIES } from "./kernels/uml-kernel.ts";
import { ensureFrr } from "./packages/frr.ts";
import { ensureQuickJs } from "./quickjs.ts";

/**
 * Does what is missing, and nothing if nothing is; fails with what a person has to do.
 *
 * @param kernels whether to build the small kernels where the lab would run in User Mode Linux: for many tests that is worth it
 */
async function ensureSetup(say: (line: string) => void, kernels: boolean): Promise<void> {
  for (let last = ""; ;) {
    const missing = missingPackages();
    if (missing.length === 0) break;
    if (missing.join(" ") === last) throw new Error(`installed, and still not seen: ${last}`);
    installPackages(missing, say);
    last = missing.join(" ");
  }
  ensureQuickJs(say);
  ensureFrr(say);
  if (kernels && inUml()) await ensureKernels(say);
  buildGuestImage(say);
}

/** Whether this machine's own kernel cannot do all that the small User Mode Linux can. */
function inUml(): boolean {
  const found = detect(SMALL_ABILITIES);
  return !("mode" in found && found.mode === "native");
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const say = (line: string): void => {
      console.error(`lab setup: ${line}`);
    };
    await ensureSetup(say, argv.includes("--kernels"));
    console.error(`lab setup: ready, the guest image is ${guestImageFolder()}`);
  } catch (error) {
    console.error(`lab setup: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
