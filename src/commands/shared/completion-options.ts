import { Argument } from "commander";
import type { DocumentedCommand } from "./documented-command.ts";
import { type Shell, SHELLS } from "./shells.ts";

/** Adds `completion SHELL`. */
export const addCompletion = (program: DocumentedCommand): void => {
  const name = program.name();
  program
    .command("completion")
    .summary("print a shell completion script")
    .description("Print a shell completion script.")
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(SHELLS))
    .examples(
      [`${name} completion bash > /etc/bash_completion.d/${name}`],
      [`${name} completion zsh > /usr/local/share/zsh/site-functions/_${name}`],
      [`${name} completion fish > ~/.config/fish/completions/${name}.fish`],
    )
    .action(async (shell: Shell) => {
      const { printCompletion } = await import("./print-completion.ts");
      printCompletion(program, shell);
    });
};
