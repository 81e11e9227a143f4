import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Failure } from "../../../values/failure.ts";

/** The text of a file; `-` is standard input. */
export const readText = async (file: string): Promise<string> => {
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new Failure(`${file} cannot be read: ${code === "ENOENT" ? "no such file" : code}`, {
      cause: error,
    });
  }
};
