import { Argument } from "commander";
import type { DocumentedCommand } from "./documented-command.ts";
import type { Shell } from "./completion.ts";

const EXAMPLES = (name: string): string => `
Examples:
  ${name} completion bash > /etc/bash_completion.d/${name}
  ${name} completion zsh > /usr/local/share/zsh/site-functions/_${name}
  ${name} completion fish > ~/.config/fish/completions/${name}.fish`;

/** Adds `completion SHELL`, and `manual`, hidden: the build makes the manual page with it. */
export const addCompletion = (program: DocumentedCommand): void => {
  program
    .command("completion")
    .summary("print a completion for your shell")
    .description("Prints what makes the shell complete commands, options and names of guests.")
    .addArgument(new Argument("<shell>", "your shell").choices(["bash", "zsh", "fish"]))
    .endHelpWith(EXAMPLES(program.name()))
    .action(async (shell: Shell) => {
      const { printCompletion } = await import("./print.ts");
      printCompletion(program, shell);
    });
  program
    .command("manual", { hidden: true })
    .description("Prints the manual page.")
    .action(async () => {
      const { printManual } = await import("./print.ts");
      printManual(program, VERSION);
    });
};
