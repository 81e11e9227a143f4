import type { Argument, Command, Option } from "commander";
import { endingOf } from "./documented-command.ts";

/** A program's command line as data: what completions and manual pages are made from. */
export interface Outline {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: string;
  readonly options: readonly OutlinedOption[];
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly commands: readonly Outline[];
  /** What stands below the help: examples, exit codes. */
  readonly after: string;
}

export interface OutlinedOption {
  readonly flags: string;
  readonly names: readonly string[];
  readonly description: string;
  /** What its value may be: nothing for a switch, some words, or anything. */
  readonly value: "none" | "any" | readonly string[];
}

const toOption = ({
  flags,
  short,
  long,
  description,
  required,
  optional,
  argChoices,
}: Option): OutlinedOption => ({
  flags,
  names: [short ?? [], long ?? []].flat(),
  description,
  value: !required && !optional ? "none" : (argChoices ?? "any"),
});

const toArgument = (argument: Argument) => ({ name: argument.name(), description: argument.description });

/** Reads a commander program, hidden commands and options left out. */
export const toOutline = (command: Command): Outline => {
  const help = command.createHelp();
  return {
    name: command.name(),
    summary: command.summary() === "" ? command.description() : command.summary(),
    description: command.description(),
    usage: help.commandUsage(command),
    options: help.visibleOptions(command).map(toOption),
    arguments: help.visibleArguments(command).map(toArgument),
    commands: help
      .visibleCommands(command)
      .filter((inner) => inner.name() !== "help")
      .map(toOutline),
    after: endingOf(command),
  };
};
