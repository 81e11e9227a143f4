import { never } from "../../../values/brand.ts";
import type { Step } from "../../../kernel/facts/change.ts";
import { reasonOf } from "../../../survey/differences.ts";
import type { NicPlan } from "./plan.ts";

/** A step as a command that can be pasted into a shell. */
export const toCommand = ({ tool, line }: Step): string => {
  switch (tool) {
    case "ip":
    case "bridge":
      return `${tool} ${line}`;
    case "sysctl":
      return `sysctl -w ${line}`;
    case "sysfs": {
      const [name = "", value = ""] = line.split("=", 2);
      return `echo ${value} >/sys/${name}`;
    }
    case "nft":
      return `nft '${line}'`;
    default:
      return never(tool);
  }
};

/** The column where reasons begin, for commands that are shorter. */
const REASONS_AT = 60;

/** The plan as a script: a comment for each NIC, a command for each step, and why. */
export const renderPlan = (plans: readonly NicPlan[]): string =>
  plans
    .map(({ guest, tap, plan }) => {
      const lines = plan.map((step) => `${toCommand(step).padEnd(REASONS_AT)}  # ${reasonOf(step)}`);
      return `# guest ${guest.replaceAll(/\s/g, " ")}, NIC ${tap}\n${lines.join("\n")}\n`;
    })
    .join("\n");
