import { join, resolve } from "node:path";
import { Failure } from "../../../values/failure.ts";
import { report } from "../report.ts";
import { HOOKS, look, packagedHook, removeHook } from "./hook-file.ts";
import { MAIN, PACKAGED, PART, placesOfOurs } from "./hook-place.ts";
import { removeProtections } from "./protect-taps.ts";

/** `guestnet uninstall`: takes away what install put there, and nothing of anybody else's. */
export const uninstallCommand = (root: string): Promise<0> => {
  const target = resolve(root);
  if (target === "/" && process.geteuid?.() !== 0) {
    throw new Failure("removing the hook needs root: sudo guestnet uninstall");
  }
  const held = look(target);
  const places = placesOfOurs(held[MAIN], held[PART]);
  if (packagedHook(target) !== null && places.some((place) => held[place] === "link")) {
    throw new Failure(`${join(target, PACKAGED)} belongs to the package guestnet-hook: remove that package`);
  }
  for (const place of places) {
    removeHook(target, place);
    report(`removed ${join(target, HOOKS, place)}`);
  }
  removeProtections(target);
  if (held[MAIN] === "foreign") report(`${join(target, HOOKS, MAIN)} is somebody else's and stays`);
  if (places.length === 0) report("there is no hook of guestnet to remove");
  else
    report(
      "running guests run on; a routed guest does not start any more, a bridge guest gets its bridge's default VLAN",
    );
  return Promise.resolve(0);
};
