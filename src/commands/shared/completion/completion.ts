import type { Outline } from "../outline.ts";
import type { Shell } from "../shells.ts";
import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import { zsh } from "./zsh.ts";

/** Returns a shell's completion of a program's commands, options and their values. */
export const renderCompletion = (program: Outline, shell: Shell): string =>
  ({ bash, zsh, fish })[shell](program);
