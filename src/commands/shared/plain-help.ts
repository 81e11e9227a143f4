import { type Argument, type Command, Help, type Option } from "commander";

/** Returns the choices and the default of a value: `choices: a, b; default: a`. */
export const valueNotes = ({
  argChoices = [],
  defaultValue,
  defaultValueDescription,
}: Pick<Option | Argument, "argChoices" | "defaultValue" | "defaultValueDescription">): string => {
  // A switch is true or false, which needs no text.
  const shown = typeof defaultValue === "string" || typeof defaultValue === "number";
  const byDefault = defaultValueDescription ?? (shown ? String(defaultValue) : "");
  return [
    argChoices.length === 0 ? "" : `choices: ${argChoices.join(", ")}`,
    byDefault === "" ? "" : `default: ${byDefault}`,
  ]
    .filter((note) => note !== "")
    .join("; ");
};

const withNotes = (described: Option | Argument): string => {
  const notes = valueNotes(described);
  return notes === "" ? described.description : `${described.description} (${notes})`;
};

/** commander's help, with plain defaults, and without the command `help` because `--help` exists. */
export class PlainHelp extends Help {
  override optionDescription(option: Option): string {
    return withNotes(option);
  }

  override argumentDescription(argument: Argument): string {
    return withNotes(argument);
  }

  /** A command's own help has its arguments; here they would leave no room for what it does. */
  override subcommandTerm(command: Command): string {
    return command.name();
  }

  override visibleCommands(command: Command): Command[] {
    return super.visibleCommands(command).filter((inner) => inner.name() !== "help");
  }
}
