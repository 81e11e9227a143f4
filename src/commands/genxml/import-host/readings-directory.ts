import { join } from "node:path";
import { readText } from "../../../files/read-file.ts";
import { QUERIES, toLiveNetwork } from "../../../live-network/readings.ts";
import { readSysctls, SYSCTL_FILE } from "../../../live-network/sysctls.ts";
import type { LiveNetwork } from "../../../live-network/live-network.ts";
import { Failure, isFailure } from "../../../values/failure.ts";

const readOptional = async (file: string): Promise<string> => {
  try {
    return await readText(file);
  } catch (error) {
    if (isFailure(error)) return "";
    throw error;
  }
};

const expectJson = (file: string, text: string): string => {
  try {
    JSON.parse(text.trim() === "" ? "[]" : text);
    return text;
  } catch (error) {
    throw new Failure(`cannot read ${file}: it is not JSON`, "save it again: genxml help import host", {
      cause: error,
    });
  }
};

/** Reads the saved readings of another host. Rejects with a {@link Failure}. */
export const readSavedNetwork = async (directory: string): Promise<LiveNetwork> => {
  const answers = new Map<string, string>();
  for (const { file, optional } of QUERIES) {
    const path = join(directory, file);
    answers.set(file, expectJson(path, await (optional ? readOptional(path) : readText(path))));
  }
  return toLiveNetwork(answers, readSysctls(await readOptional(join(directory, SYSCTL_FILE))));
};
