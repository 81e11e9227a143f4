import type { Command } from "commander";
import { renderCompletion, type Shell } from "./completion.ts";
import { renderManual } from "./manual.ts";
import { toOutline } from "./outline.ts";

export const printCompletion = (program: Command, shell: Shell): void => {
  process.stdout.write(renderCompletion(toOutline(program), shell));
};

export const printManual = (program: Command, version: string): void => {
  process.stdout.write(renderManual(toOutline(program), version));
};
