import { join, resolve } from "node:path";
import { expectDirectory } from "../../../files/write-file.ts";
import { report } from "../report.ts";
import { Failure } from "../../../values/failure.ts";
import { expectRoot } from "../this-host.ts";
import { HOOKS, look, packagedHook, removeHook } from "./hook-file.ts";
import { MAIN, PACKAGED, PART, placesOfOurs } from "./hook-place.ts";
import { removeProtections } from "./protect-taps.ts";

/** `guestnet uninstall`: removes what install wrote, and leaves third-party hooks. */
export const uninstallCommand = (root: string): Promise<0> => {
  const target = resolve(root);
  if (target === "/") expectRoot("uninstall");
  expectDirectory(root);
  const held = look(target);
  const places = placesOfOurs(held[MAIN], held[PART]);
  if (packagedHook(target) !== null && places.some((place) => held[place] === "link")) {
    throw new Failure(
      `cannot remove ${join(target, PACKAGED)}: it belongs to the package guestnet-hook`,
      "remove that package",
    );
  }
  for (const place of places) {
    removeHook(target, place);
    report(`removed ${join(target, HOOKS, place)}`);
  }
  removeProtections(target);
  if (held[MAIN] === "foreign") report(`${join(target, HOOKS, MAIN)} is a third-party hook and stays`);
  if (places.length === 0) report("the hook is not installed");
  else
    report(
      "running guests keep running; routed guests do not start any more, and bridge guests join the bridge's default VLAN",
    );
  return Promise.resolve(0);
};
