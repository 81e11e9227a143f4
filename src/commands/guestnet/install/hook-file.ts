import {
  chmodSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileFailure } from "../../../files/file-failure.ts";
import { makeDirectory } from "../../../files/write-file.ts";
import { isFailure } from "../../../values/failure.ts";
import { heldBy, type Held, MAIN, PACKAGED, PART, type Place } from "./hook-place.ts";

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
    // A directory of that name is a third party's, too.
    if (codeOf(error) === "EISDIR") return "";
    throw fileFailure("read", file, error);
  }
};

/** Returns the target of a link, unresolved, or null for another file. */
export const targetOf = (file: string): string | null => {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
};

/** Returns the contents of both places below a root. */
export const look = (root: string): Readonly<Record<Place, Held>> => {
  const held = (place: Place): Held => {
    const file = join(root, HOOKS, place);
    const target = targetOf(file);
    // The link of an image leads to the image's own hook, and must not be followed to this system's.
    return target === PACKAGED ? "link" : heldBy(textOf(file), target);
  };
  return { [MAIN]: held(MAIN), [PART]: held(PART) };
};

/** Returns the hook of the package guestnet-hook below a root, or null without the package. */
export const packagedHook = (root: string): string | null => textOf(join(root, PACKAGED));

/**
 * Puts a file in its place all at once: libvirt may run it at any moment. The new one waits where libvirt does not look,
 * because in `qemu.d` it executes whatever is executable, hidden files too.
 */
const replace = (root: string, place: Place, make: (fresh: string) => void): true => {
  const file = join(root, HOOKS, place);
  makeDirectory(dirname(file));
  const fresh = join(root, HOOKS, `.guestnet.${String(process.pid)}`);
  make(fresh);
  renameSync(fresh, file);
  return true;
};

/** Links the package's hook into its place. @returns whether anything changed */
export const linkHook = (root: string, place: Place): boolean => {
  const file = join(root, HOOKS, place);
  try {
    if (targetOf(file) === PACKAGED) return false;
    return replace(root, place, (fresh) => {
      symlinkSync(PACKAGED, fresh);
    });
  } catch (error) {
    throw isFailure(error) ? error : fileFailure("write", file, error);
  }
};

/** Writes the hook into its place. @returns whether anything changed */
export const writeHook = (root: string, place: Place, text: string): boolean => {
  const file = join(root, HOOKS, place);
  try {
    if (targetOf(file) === null && textOf(file) === text) {
      chmodSync(file, 0o755);
      return false;
    }
    return replace(root, place, (fresh) => {
      writeFileSync(fresh, text, { mode: 0o755 });
      // Independent of the umask: libvirt ignores a file without an x bit.
      chmodSync(fresh, 0o755);
    });
  } catch (error) {
    if (isFailure(error)) throw error;
    throw fileFailure("write", file, error);
  }
};

/** Removes a hook of guestnet. */
export const removeHook = (root: string, place: Place): void => {
  const file = join(root, HOOKS, place);
  try {
    rmSync(file);
  } catch (error) {
    throw fileFailure("write", file, error);
  }
};
