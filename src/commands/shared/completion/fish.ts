import type { Outline, OutlinedOption } from "../outline.ts";
import {
  commandWords,
  type Offer,
  offerOf,
  offerOfArgument,
  offersAny,
  optionsWithValue,
  type CompletionPlace,
  placesOf,
  single,
  VIRSH,
} from "./places.ts";

/** Returns the argument of `complete -a`, or null for files of any kind. */
const offering = (offer: Offer, name: string): string | null => {
  switch (offer.kind) {
    case "words":
      return offer.words.join(" ");
    case "files":
      return offer.ending === null ? null : `(__${name}_files ${offer.ending})`;
    case "directories":
      return `(__fish_complete_directories (__${name}_token))`;
    case "running-guests":
      return `(${VIRSH} list --name 2>/dev/null)`;
    case "guests":
      return `(${VIRSH} list --all --name 2>/dev/null)`;
    case "nics":
      return `(__${name}_nics)`;
    case "nothing":
      return "";
  }
};

const completing = (offer: Offer, name: string): string => {
  const offered = offering(offer, name);
  return offered === null ? "-F" : offered === "" ? "-f" : `-f -a ${single(offered)}`;
};

const at = (name: string, ...place: readonly string[]): string =>
  `complete -c ${name} -n ${single(`__${name}_at ${place.map((one) => `"${one}"`).join(" ")}`)}`;

const optionLine = (
  path: string,
  name: string,
  { names, description, value, flags }: OutlinedOption,
): string => {
  const named = names.map((one) => (one.startsWith("--") ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`));
  const after =
    value === null ? "" : `${flags.includes("<") ? " -r" : ""} ${completing(offerOf(value), name)}`;
  return `${at(name, path)} ${named.join(" ")}${after} -d ${single(description)}`;
};

const placeLines = ({ path, command }: CompletionPlace, name: string): readonly string[] => [
  ...command.commands.map((inner) => `${at(name, path, "0")} -a ${inner.name} -d ${single(inner.summary)}`),
  ...command.options.map((option) => optionLine(path, name, option)),
  ...command.arguments.map(
    (argument, index) =>
      `${at(name, path, argument.repeated ? `${index}+` : String(index))} ${completing(offerOfArgument(argument), name)}`,
  ),
];

const nics = (name: string): string => `function __${name}_nics -d 'NICs of the guest that is typed'
    set -l typed (__${name}_read)
    for line in (${VIRSH} domiflist "$typed[2]" 2>/dev/null)
        set -l fields (string match -ra -- '\\S+' $line)
        test (count $fields) -ge 5; or continue
        test $fields[1] = -; and echo $fields[5]; or echo $fields[1]
    end
end
`;

/** Returns the completion for fish. */
export const fish = (program: Outline): string => {
  const { name } = program;
  const places = placesOf(program);
  return `# fish completion for ${name}: put it into ~/.config/fish/completions/${name}.fish
function __${name}_read -d 'Print the command that is typed, then its arguments, each on a line'
    set -l place ''
    set -l given
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- "$place:$word" ${optionsWithValue(places).join(" ")}; and set skip 1
        else if test (count $given) = 0; and contains -- (string trim -- "$place $word") ${commandWords(places).join(" ")}
            set place (string trim -- "$place $word")
        else
            set -a given $word
        end
    end
    printf '%s\\n' "$place" $given
end
function __${name}_at -d 'Whether a command is typed, with so many arguments: 1 is exactly one, 1+ one or more'
    set -l typed (__${name}_read)
    test "$typed[1]" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    set -l given (math (count $typed) - 1)
    if string match -q -- '*+' $argv[2]
        test $given -ge (string trim -r -c + -- $argv[2])
    else
        test $given -eq $argv[2]
    end
end
function __${name}_token -d 'The word that is typed, without an option and =, which fish adds again'
    string unescape -- (commandline -ct) | string replace -r '^--[a-z-]+=' ''
end

function __${name}_files -d 'Directories, and files with an ending'
    set -l token (__${name}_token)
    for path in "$token"*/ "$token"*$argv[1]
        echo $path
    end
end
${offersAny(places, "nics") ? nics(name) : ""}complete -c ${name} -f
${places.flatMap((place) => placeLines(place, name)).join("\n")}
`;
};
