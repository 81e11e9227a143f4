import type { Outline, OutlinedArgument, OutlinedOption } from "../outline.ts";
import { type Offer, offerOf, offerOfArgument, offersAny, placesOf, single, VIRSH } from "./places.ts";

/** zsh's _arguments takes brackets, colons and backslashes of a description for its own. */
const quoted = (text: string): string => text.replaceAll(/[[\]:\\]/g, "\\$&");

/** No space follows a word that is not a whole one. */
const inWords = (words: readonly string[]): string => {
  const open = words.filter((word) => word.endsWith("="));
  const whole = words.filter((word) => !word.endsWith("="));
  return open.length === 0
    ? `(${whole.join(" ")})`
    : `{compadd -S "" -- ${open.join(" ")}; compadd -- ${whole.join(" ")}}`;
};

/** Returns the action of _arguments for a value; a leading space suppresses its default options. */
const action = (offer: Offer, name: string): string => {
  switch (offer.kind) {
    case "words":
      return inWords(offer.words);
    case "files":
      return offer.ending === null ? "_files" : `_files -g "*${offer.ending}"`;
    case "directories":
      return "_files -/";
    case "running-guests":
      return ` _${name}_guests`;
    case "guests":
      return ` _${name}_guests --all`;
    case "nics":
      return ` _${name}_nics \${(Q)line[1]}`;
    case "nothing":
      return " ";
  }
};

const optionSpec = ({ names, description, value, flags }: OutlinedOption, program: string): string => {
  const optional = flags.includes("<") ? ":" : "::";
  const after = value === null ? "" : `${optional}${quoted(value.name)}:${action(offerOf(value), program)}`;
  const others = names.length > 1 ? `(${names.join(" ")})` : "";
  // With = the value of a long option may be the next word, or stand behind = in the same one.
  const equals = (name: string): string => (value !== null && name.startsWith("--") ? "=" : "");
  return names
    .map((name) => `    ${single(`${others}${name}${equals(name)}[${quoted(description)}]${after}`)} \\`)
    .join("\n");
};

const argumentSpec = (argument: OutlinedArgument, index: number, program: string): string =>
  `    ${single(
    `${argument.repeated ? "*" : String(index + 1)}:${quoted(argument.value.name)}:${action(offerOfArgument(argument), program)}`,
  )}`;

/** One function for each command; one that has commands hands their words on. Its own options come before a command only (-A). */
const functions = (command: Outline, name: string, program: string): readonly string[] => {
  const options = command.options.map((option) => optionSpec(option, program)).join("\n");
  if (command.commands.length === 0) {
    const all = command.arguments.map((argument, index) => argumentSpec(argument, index, program));
    return [
      `${name}() {\n  _arguments -s -S : \\\n${[options, ...all.map((one) => `${one} \\`)].join("\n")}\n    && return\n}`,
    ];
  }
  const inner = (one: Outline): string => `${name}_${one.name.replaceAll("-", "_")}`;
  const [own] = command.arguments;
  const ownAction = own === undefined ? "" : `\n      ${action(offerOfArgument(own), program)}`;
  const otherwise =
    own === undefined ? ":" : `_arguments -s -S : \\\n${options}\n${argumentSpec(own, 0, program)}`;
  const described = command.commands.map((one) => `        ${single(`${one.name}:${quoted(one.summary)}`)}`);
  return [
    ...command.commands.flatMap((one) => functions(one, inner(one), program)),
    `${name}() {
  local curcontext=$curcontext state
  local -a line commands
  typeset -A opt_args
  _arguments -C -S -A '-*' : \\
${options}
    '1: :->first' \\
    '*:: :->rest' && return
  case $state in
    first)
      commands=(
${described.join("\n")}
      )
      _describe command commands${ownAction}
      ;;
    rest)
      case $line[1] in
${command.commands.map((one) => `        ${one.name}) ${inner(one)} ;;`).join("\n")}
        *) ${otherwise} ;;
      esac
      ;;
  esac
}`,
  ];
};

const askingLibvirt = (name: string): string => `_${name}_guests() {
  local -a guests
  guests=(\${(f)"$(${VIRSH} list "$@" --name 2>/dev/null)"})
  compadd -a guests
}
_${name}_nics() {
  local tap type source model mac
  local -a nics
  ${VIRSH} domiflist "$1" 2>/dev/null | while read -r tap type source model mac; do
    if [[ $tap == - ]]; then nics+=($mac); elif [[ -n $mac ]]; then nics+=($tap); fi
  done
  compadd -a nics
}
`;

/** Returns the completion for zsh. */
export const zsh = (program: Outline): string => {
  const { name } = program;
  return `#compdef ${name}
# zsh completion for ${name}: put it as _${name} into a directory of $fpath
${offersAny(placesOf(program), "guests", "running-guests", "nics") ? askingLibvirt(name) : ""}${functions(program, `_${name}`, name).join("\n")}
_${name} "$@"
`;
};
