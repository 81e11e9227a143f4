import { join } from "node:path";
import type { Files } from "../system/files.ts";
import {
  hookContent,
  type HookContent,
  MAIN_HOOK,
  PACKAGED,
  PART_HOOK,
  type HookPlace,
} from "./hook-place.ts";

/** Directory of libvirt's hooks (libvirt, hooks.html; SYSCONFDIR is /etc on every distribution). */
export const HOOKS = "etc/libvirt/hooks";

/** Returns the contents of both places below a root. */
export const look = async (files: Files, root: string): Promise<Readonly<Record<HookPlace, HookContent>>> => {
  const held = async (place: HookPlace): Promise<HookContent> => {
    const file = join(root, HOOKS, place);
    const link = await files.readLink(file);
    // The link of an image leads to the image's own hook, and must not be followed to this system's.
    return link?.target === PACKAGED ? "link" : hookContent(await files.read(file), link?.target ?? null);
  };
  const [main, part] = await Promise.all([held(MAIN_HOOK), held(PART_HOOK)]);
  return { [MAIN_HOOK]: main, [PART_HOOK]: part };
};

/** Returns the hook of the package guestnet-hook below a root, or null without the package. */
export const packagedHook = (files: Files, root: string): Promise<string | null> =>
  files.read(join(root, PACKAGED));

/** libvirt executes whatever is executable in `qemu.d`, hidden files too; in the directory above it looks for `qemu` alone. */
const waiting = (root: string) => ({ waitsIn: join(root, HOOKS) });

/** Links the package's hook into its place. @returns whether anything changed */
export const linkHook = async (files: Files, root: string, place: HookPlace): Promise<boolean> => {
  const file = join(root, HOOKS, place);
  if ((await files.readLink(file))?.target === PACKAGED) return false;
  await files.link(file, PACKAGED, waiting(root));
  return true;
};

const MODE = 0o755;

/** Writes the hook into its place. @returns whether its text or its place changed */
export const writeHook = async (
  files: Files,
  root: string,
  place: HookPlace,
  text: string,
): Promise<boolean> => {
  const file = join(root, HOOKS, place);
  const [link, held, state] = await Promise.all([files.readLink(file), files.read(file), files.state(file)]);
  const isSame = link === null && held === text;
  if (isSame && state?.mode === MODE) return false;
  await files.write(file, text, { mode: MODE, ...waiting(root) });
  return !isSame;
};

/** Removes a hook of guestnet. */
export const removeHook = (files: Files, root: string, place: HookPlace): Promise<void> =>
  files.remove(join(root, HOOKS, place));
