import { Command } from "commander";

/** A command whose help ends with a text (examples, exit codes) that its manual page has as well. */
export class DocumentedCommand extends Command {
  /** What stands below the help, in order. */
  readonly endings: string[] = [];

  override createCommand(name?: string): DocumentedCommand {
    return new DocumentedCommand(name);
  }

  endHelpWith(text: string): this {
    this.endings.push(text);
    return this.addHelpText("after", text);
  }
}

/**
 * Returns what {@link DocumentedCommand.endHelpWith} was given. It goes by the property: a bundle that is loaded later has a class of
 * its own.
 */
export const endingOf = (command: Command): string =>
  "endings" in command && Array.isArray(command.endings) ? command.endings.join("\n").trim() : "";
