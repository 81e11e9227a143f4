import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isDirectory } from "../../../files/destination.ts";
import { fileFailure } from "../../../files/file-failure.ts";
import { usageError } from "../../../values/failure.ts";
import { quoteWord } from "../../../values/shell-word.ts";

const directoriesIn = (path: string): readonly string[] => {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name);
  } catch {
    return [];
  }
};

const expectReadable = (path: string): void => {
  try {
    statSync(path);
  } catch (error) {
    throw fileFailure("read", path, error);
  }
};

/**
 * Returns which paths go to which host. A directory in a path that has a host's name is that host's. A single host gets the
 * paths themselves if there is none.
 *
 * @param labels names of the hosts
 * @returns the paths of each host, in the order of the hosts; none for a host without a directory
 */
export const placeGuests = (
  paths: readonly string[],
  labels: readonly string[],
): readonly (readonly string[])[] => {
  paths.forEach(expectReadable);
  const placed = labels.map((label) => paths.map((path) => join(path, label)).filter(isDirectory));
  if (labels.length === 1 && placed[0]?.length === 0) return [paths];
  const strange = paths.flatMap((path) =>
    directoriesIn(path)
      .filter((name) => !labels.includes(name))
      .map((name) => join(path, name)),
  );
  if (labels.length > 1 && strange.length > 0)
    throw usageError(
      `cannot place the guests in ${strange.join(", ")}: no host has this name`,
      "name each directory after a host, or add the host",
    );
  if (placed.every((own) => own.length === 0))
    throw usageError(
      `cannot place guests: ${paths.join(", ")} has no directory with the name of a host`,
      `mkdir ${quoteWord(join(paths[0] ?? ".", labels[0] ?? ""))}, with the profiles of that host`,
    );
  return placed;
};
