import type { Argument, Option } from "commander";
import type { DocumentedCommand } from "./documented-command.ts";
import { valueNotes } from "./plain-help.ts";
import type { Reference } from "./reference.ts";

/** A value of an option or an argument. Its name is its kind, as in `<guest>`, `<dir>` or `<host.json>`. */
export interface OutlinedValue {
  readonly name: string;
  /** All possible values, or none for an open set. */
  readonly choices: readonly string[];
  /** Words for completion, for an open set of values. A word that ends in `=` continues. */
  readonly suggestions: readonly string[];
}

export interface OutlinedArgument {
  readonly value: OutlinedValue;
  readonly description: string;
  /** Choices and default in words. */
  readonly notes: string;
  readonly repeated: boolean;
}

export interface OutlinedOption {
  readonly flags: string;
  readonly names: readonly string[];
  readonly description: string;
  readonly notes: string;
  /** Null for a switch. */
  readonly value: OutlinedValue | null;
}

/** A command line as data, the source of completions and manual pages. */
export interface Outline {
  readonly name: string;
  /** Its heading in the list of commands, such as `Inspect`. */
  readonly group: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: string;
  readonly options: readonly OutlinedOption[];
  readonly arguments: readonly OutlinedArgument[];
  readonly commands: readonly Outline[];
  readonly reference: Reference;
}

const toOption = (option: Option): OutlinedOption => {
  const { flags, short, long, description, argChoices = [] } = option;
  const match = /<(.+)>|\[(.+)\]/.exec(flags);
  const name = match?.[1] ?? match?.[2];
  return {
    flags,
    names: [short ?? [], long ?? []].flat(),
    description,
    notes: valueNotes(option),
    value: name === undefined ? null : { name, choices: argChoices, suggestions: [] },
  };
};

const toArgument = (argument: Argument, { suggestions }: Reference): OutlinedArgument => ({
  value: {
    name: argument.name(),
    choices: argument.argChoices ?? [],
    suggestions: suggestions.get(argument.name()) ?? [],
  },
  description: argument.description,
  notes: valueNotes(argument),
  repeated: argument.variadic,
});

/** Reads a command and its subcommands, without hidden options. */
export const toOutline = (command: DocumentedCommand): Outline => {
  const help = command.createHelp();
  return {
    name: command.name(),
    group: command.helpGroup().replace(/:$/, ""),
    summary: command.summary(),
    description: command.description(),
    usage: help.commandUsage(command),
    options: help.visibleOptions(command).map(toOption),
    arguments: command.registeredArguments.map((one) => toArgument(one, command.reference)),
    commands: command.commands.map(toOutline),
    reference: command.reference,
  };
};
