import { mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";

const OPTIONS = ["-quiet", "-volid", "cidata", "-joliet", "-rock"];
const TOOLS = [
  ["genisoimage", OPTIONS],
  ["xorriso", ["-as", "genisoimage", ...OPTIONS]],
  ["mkisofs", OPTIONS],
] as const;

/**
 * Makes the ISO 9660 image by whose volume label cloud-init's NoCloud knows its seed.
 *
 * @param folder what goes into it, all of it
 * @returns why there is none, or null when there is
 */
export const makeSeed = async (folder: string, image: string): Promise<string | null> => {
  // Beside the image, so that it appears at once and whole or not at all.
  const work = await mkdtemp(join(dirname(image), `.${basename(image)}-`));
  const made = join(work, "seed.iso");
  try {
    for (const [tool, options] of TOOLS) {
      const ran = await execa(tool, [...options, "-output", made, folder], {
        reject: false,
        stdin: "ignore",
      });
      if (ran.code === "ENOENT") continue;
      if (ran.failed) return `${tool}: ${ran.stderr.trim() || ran.shortMessage}`;
      await rename(made, image);
      return null;
    }
    return "neither genisoimage nor xorriso nor mkisofs is installed: apt install genisoimage";
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
