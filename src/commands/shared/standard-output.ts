import { fileFailure } from "../../files/file-failure.ts";
import { renderTrouble } from "../../values/failure.ts";

/**
 * Ends a program that cannot write its standard output: with 0 on EPIPE, because the reader may exit early
 * (`genxml schema guest | head`), otherwise with an error.
 */
export const endWithOutput = (program: string): void => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(renderTrouble(program, fileFailure("write", "standard output", error)));
    process.exit(1);
  });
};
