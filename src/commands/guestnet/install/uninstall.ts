import { join, resolve } from "node:path";
import { expectDirectory } from "../../../files/write-file.ts";
import { onStderr, type Reporter } from "../reporter.ts";
import type { Files } from "../system/files.ts";
import { filesHere } from "../system/files-here.ts";
import { Failure } from "../../../values/failure.ts";
import { expectRoot } from "../this-host.ts";
import { HOOKS, look, packagedHook, removeHook } from "./hook-file.ts";
import { MAIN_HOOK, PACKAGED, PART_HOOK, placesOfOurs } from "./hook-place.ts";
import { removeProtections } from "./protect-taps.ts";

/** Removes from a system what install wrote, and leaves third-party hooks. */
export const uninstallFrom = async (files: Files, root: string, reporter: Reporter): Promise<void> => {
  const { report } = reporter;
  const [held, packaged] = await Promise.all([look(files, root), packagedHook(files, root)]);
  const places = placesOfOurs(held[MAIN_HOOK], held[PART_HOOK]);
  if (packaged !== null && places.some((place) => held[place] === "link")) {
    throw new Failure(
      `cannot remove ${join(root, PACKAGED)}: it belongs to the package guestnet-hook`,
      "remove that package",
    );
  }
  for (const place of places) {
    await removeHook(files, root, place);
    report(`removed ${join(root, HOOKS, place)}`);
  }
  await removeProtections(files, root, reporter);
  if (held[MAIN_HOOK] === "foreign")
    report(`${join(root, HOOKS, MAIN_HOOK)} is a third-party hook and stays`);
  if (places.length === 0) report("the hook is not installed");
  else
    report(
      "running guests keep running; routed guests do not start any more, and bridge guests join the bridge's default VLAN",
    );
};

/** `guestnet uninstall`. */
export const uninstallCommand = async (root: string): Promise<0> => {
  const target = resolve(root);
  if (target === "/") expectRoot("uninstall");
  expectDirectory(root);
  await uninstallFrom(filesHere, target, onStderr);
  return 0;
};
