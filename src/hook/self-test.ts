import { messageOf } from "../values/error-text.ts";
import type { Run } from "../kernel/host.ts";

const TOOLS = [
  { file: "ip", args: ["-V"] },
  { file: "bridge", args: ["-V"] },
  { file: "nft", args: ["--version"] },
] as const;

/** Checks that the hook can run its programs in the daemon's environment. @returns the missing ones, with the reasons */
export const selfTest = async (run: Run): Promise<readonly string[]> => {
  const tried = await Promise.all(
    TOOLS.map(async ({ file, args }) => {
      try {
        const { code, stderr } = await run(file, args);
        return code === 0 ? null : `${file} ended with status ${String(code)}: ${stderr.trim()}`;
      } catch (error) {
        return messageOf(error);
      }
    }),
  );
  return tried.flatMap((why) => why ?? []);
};
