import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure, isFailure } from "../../../values/failure.ts";
import { heldBy, type Held, MAIN, PART, type Place } from "./hook-place.ts";

/** Directory of libvirt's hooks (libvirt, hooks.html; SYSCONFDIR is /etc on every distribution). */
export const HOOKS = "etc/libvirt/hooks";

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** Returns the text of a file, or null without one. */
export const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    // A folder of that name is somebody else's, too.
    if (codeOf(error) === "EISDIR") return "";
    throw new Failure(`${file} cannot be read: ${codeOf(error)}`, { cause: error });
  }
};

/** Returns the contents of both places below a root. */
export const look = (root: string): Readonly<Record<Place, Held>> => ({
  [MAIN]: heldBy(textOf(join(root, HOOKS, MAIN))),
  [PART]: heldBy(textOf(join(root, HOOKS, PART))),
});

/**
 * Writes the hook, all at once: libvirt may run it at any moment. The new file waits where libvirt does not look, because
 * in `qemu.d` it executes whatever is executable, hidden files too.
 *
 * @returns whether anything changed
 */
export const writeHook = (root: string, place: Place, text: string): boolean => {
  const file = join(root, HOOKS, place);
  try {
    if (textOf(file) === text) {
      chmodSync(file, 0o755);
      return false;
    }
    mkdirSync(dirname(file), { recursive: true });
    const fresh = join(root, HOOKS, `.guestnet.${String(process.pid)}`);
    writeFileSync(fresh, text, { mode: 0o755 });
    // Independent of the umask: libvirt ignores a file without an x bit.
    chmodSync(fresh, 0o755);
    renameSync(fresh, file);
    return true;
  } catch (error) {
    if (isFailure(error)) throw error;
    throw new Failure(`${file} cannot be written: ${codeOf(error)}${hint(error)}`, { cause: error });
  }
};

/** Removes a hook of guestnet. */
export const removeHook = (root: string, place: Place): void => {
  const file = join(root, HOOKS, place);
  try {
    rmSync(file);
  } catch (error) {
    throw new Failure(`${file} cannot be removed: ${codeOf(error)}${hint(error)}`, { cause: error });
  }
};

const hint = (error: unknown): string =>
  codeOf(error) === "EACCES" || codeOf(error) === "EPERM" ? ": run it as root" : "";
