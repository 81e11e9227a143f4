import type { TableReading } from "../../../doctor/host-readings.ts";
import { commandText } from "../../../kernel/facts/command.ts";
import { guardRules, guardRulesFact } from "../../../kernel/facts/filter/guard-rules.ts";
import { sourceCheck, sourceCheckFact } from "../../../kernel/facts/filter/source-check.ts";
import type { Run } from "../../../kernel/host.ts";

const TABLES = [
  { family: "inet", commands: sourceCheck.add([sourceCheckFact]) },
  { family: "bridge", commands: guardRules.add([guardRulesFact]) },
] as const;

/** Has nft and the kernel check the hook's own rules; with `--check` the kernel takes everything back (nft(8)). */
export const readTables = (run: Run): Promise<readonly TableReading[]> =>
  Promise.all(
    TABLES.map(async ({ family, commands }) => {
      const ran = await run("nft", ["--check", "-f", "-"], `${commands.map(commandText).join("\n")}\n`);
      const [first = ""] = ran.stderr.trim().split("\n");
      return { family, refused: ran.code === 0 ? null : first.replace(/^\S+: Error: /, "") };
    }),
  );
