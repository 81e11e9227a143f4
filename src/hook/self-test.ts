import type { Run } from "../kernel/host.ts";

const TOOLS = [
  { file: "ip", args: ["-V"] },
  { file: "bridge", args: ["-V"] },
  { file: "nft", args: ["--version"] },
] as const;

/** Whether the hook can run what it needs from where the daemon runs it. @returns what is missing, and why */
export const selfTest = async (run: Run): Promise<readonly string[]> => {
  const tried = await Promise.all(
    TOOLS.map(async ({ file, args }) => {
      try {
        const { code, stderr } = await run(file, args);
        return code === 0 ? null : `${file} ended with status ${String(code)}: ${stderr.trim()}`;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }),
  );
  return tried.flatMap((why) => why ?? []);
};
