import { renderCompletion } from "./completion/completion.ts";
import type { DocumentedCommand } from "./documented-command.ts";
import { toOutline } from "./outline.ts";
import type { Shell } from "./shells.ts";

export const printCompletion = (program: DocumentedCommand, shell: Shell): void => {
  process.stdout.write(renderCompletion(toOutline(program), shell));
};
