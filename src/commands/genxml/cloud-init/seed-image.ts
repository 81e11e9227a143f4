import { statSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { fileFailure } from "../../../files/file-failure.ts";
import { Failure, isFailure } from "../../../values/failure.ts";

const OPTIONS = ["-quiet", "-volid", "cidata", "-joliet", "-rock"];
const TOOLS = [
  ["genisoimage", OPTIONS],
  ["xorriso", ["-as", "genisoimage", ...OPTIONS]],
  ["mkisofs", OPTIONS],
] as const;

/** Runs the first of the tools that is installed. */
const run = async (directory: string, made: string, image: string): Promise<void> => {
  for (const [tool, options] of TOOLS) {
    const ran = await execa(tool, [...options, "-output", made, directory], {
      reject: false,
      stdin: "ignore",
    });
    if (ran.code === "ENOENT") continue;
    if (!ran.failed) return;
    const why = ran.stderr.trim() === "" ? (ran.shortMessage ?? "it failed") : ran.stderr.trim();
    throw new Failure(
      `cannot write ${image}: ${tool}: ${why.split("\n").join("; ")}`,
      `df ${dirname(image)} ${directory}`,
    );
  }
  throw new Failure(
    `cannot write ${image}: neither genisoimage nor xorriso nor mkisofs is installed`,
    "apt install genisoimage",
  );
};

/** A directory, or a device, is nothing to rename a file over. */
const expectFile = (image: string): void => {
  const stat = statSync(image, { throwIfNoEntry: false });
  if (image.endsWith("/") || stat?.isDirectory() === true)
    throw new Failure(`cannot write ${image}: it is a directory`, "name a file, such as seed.iso");
  if (stat !== undefined && !stat.isFile())
    throw new Failure(`cannot write ${image}: it is not a regular file`, "name a file, such as seed.iso");
};

/**
 * Makes an ISO 9660 image with the volume label of a NoCloud seed. Rejects with a Failure.
 *
 * @param directory directory with its files
 */
export const makeSeed = async (directory: string, image: string): Promise<void> => {
  try {
    expectFile(image);
    // Beside the image, so that it appears at once and whole or not at all.
    const work = await mkdtemp(join(dirname(image), ".seed-"));
    try {
      const made = join(work, "seed.iso");
      await run(directory, made, image);
      await rename(made, image);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } catch (error) {
    throw isFailure(error) ? error : fileFailure("write", image, error);
  }
};
