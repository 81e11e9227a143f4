import type { Outline, OutlinedArgument, OutlinedOption, OutlinedValue } from "../outline.ts";

/** Words that a shell offers for a value. A word that ends in `=` continues. */
export type Offer =
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** Directories, and files: with this ending, or any where it is null. */
  | { readonly kind: "files"; readonly ending: string | null }
  | { readonly kind: "directories" }
  | { readonly kind: "running-guests" }
  | { readonly kind: "guests" }
  /** NICs of the guest that is the command's first argument. */
  | { readonly kind: "nics" }
  | { readonly kind: "nothing" };

/** A place of the cursor: a command, identified by its words. */
export interface CompletionPlace {
  /** `import xen`; empty for the program itself. */
  readonly path: string;
  readonly command: Outline;
}

/** Returns a program and all commands below it. */
export const placesOf = (command: Outline, path = ""): readonly CompletionPlace[] => [
  { path, command },
  ...command.commands.flatMap((inner) => placesOf(inner, `${path} ${inner.name}`.trim())),
];

const byName = ({ name, suggestions }: OutlinedValue, repeated: boolean): Offer => {
  if (suggestions.length > 0) return { kind: "words", words: suggestions };
  const ending = /\.[a-z]+$/.exec(name)?.[0];
  if (ending !== undefined) return { kind: "files", ending };
  switch (name) {
    case "guest":
      return { kind: repeated ? "running-guests" : "guests" };
    // A guest; an address cannot be listed.
    case "destination":
      return { kind: "running-guests" };
    case "nic":
      return { kind: "nics" };
    case "profile":
      return { kind: "files", ending: ".json" };
    case "dir":
      return { kind: "directories" };
    case "file":
    case "path":
      return { kind: "files", ending: null };
    default:
      return { kind: "nothing" };
  }
};

/** Returns the words for a value, chosen by its name. */
export const offerOf = (value: OutlinedValue, repeated = false): Offer =>
  value.choices.length > 0 ? { kind: "words", words: value.choices } : byName(value, repeated);

export const offerOfArgument = ({ value, repeated }: OutlinedArgument): Offer => offerOf(value, repeated);

/** An option that takes a value, with what is offered for it. */
export interface ValuedOption {
  readonly option: OutlinedOption;
  readonly offer: Offer;
  /** Whether the next word is its value in any case. */
  readonly required: boolean;
}

export const valuedOptions = ({ options }: Outline): readonly ValuedOption[] =>
  options.flatMap((option) =>
    option.value === null
      ? []
      : [{ option, offer: offerOf(option.value), required: option.flags.includes("<") }],
  );

/** Returns whether anything of this kind is offered anywhere in a program. */
export const offersAny = (places: readonly CompletionPlace[], ...kinds: readonly Offer["kind"][]): boolean =>
  places
    .flatMap(({ command }) => command.arguments.map(offerOfArgument))
    .some(({ kind }) => kinds.includes(kind));

/** Returns the commands below a program, each quoted for a shell: the words that lead from one place to another. */
export const commandWords = (places: readonly CompletionPlace[]): readonly string[] =>
  places.filter(({ path }) => path !== "").map(({ path }) => single(path));

/** Returns the options whose next word is their value, as `COMMAND:OPTION`, each quoted for a shell. */
export const optionsWithValue = (places: readonly CompletionPlace[]): readonly string[] =>
  places.flatMap(({ path, command }) =>
    valuedOptions(command)
      .filter(({ required }) => required)
      .flatMap(({ option }) => option.names.map((name) => single(`${path}:${name}`))),
  );

/** Text in single quotes, for any shell. */
export const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Queries libvirt read-only, because completion must not ask for a password. */
export const VIRSH = "virsh -q -r -c qemu:///system";
