import { statSync } from "node:fs";
import { join } from "node:path";

/** Where `-o` leads: a file for the one product, or a directory for files of their own names. */
export type Destination =
  | { readonly kind: "stdout" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "directory"; readonly path: string };

/** Returns whether the path is that of a directory; false for one that cannot be read. */
export const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Whatever is wrong with the path, reading or writing it reports.
    return false;
  }
};

/**
 * Returns where products go. A path is a directory if it is one, if it ends in `/`, or if there may be several products.
 *
 * @param path of `-o`, or null for standard output, which `-` names as well
 * @param several whether there may be more than one product
 */
export const toDestination = (path: string | null, several: boolean): Destination => {
  if (path === null || path === "-") return { kind: "stdout" };
  const kind = several || path.endsWith("/") || isDirectory(path) ? "directory" : "file";
  return { kind, path };
};

/** Returns the path of a product. @param name what it is called in a directory */
export const targetOf = (
  { kind, path }: Exclude<Destination, { readonly kind: "stdout" }>,
  name: string,
): string => (kind === "file" ? path : join(path, name));
