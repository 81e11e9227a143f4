import type { Outline } from "../outline.ts";
import {
  commandWords,
  type Offer,
  offerOfArgument,
  offersAny,
  optionsWithValue,
  type CompletionPlace,
  placesOf,
  single,
  valuedOptions,
  VIRSH,
} from "./places.ts";

const offering = (offer: Offer, name: string): string => {
  switch (offer.kind) {
    case "words":
      return `_${name}_offer ${offer.words.map(single).join(" ")}`;
    case "files":
      return `_${name}_files ${offer.ending === null ? "" : single(offer.ending)}`.trim();
    case "directories":
      return `_${name}_directories`;
    case "running-guests":
      return `_${name}_guests`;
    case "guests":
      return `_${name}_guests --all`;
    case "nics":
      return `_${name}_lines < <(_${name}_nics "\${given[0]}")`;
    case "nothing":
      return ":";
  }
};

/** Patterns of a case, and what is done there. */
const row = (patterns: readonly string[], action: string): string =>
  `    ${patterns.map(single).join(" | ")}) ${action} ;;`;

const optionRows = (places: readonly CompletionPlace[], name: string): readonly string[] =>
  places.flatMap(({ path, command }) =>
    valuedOptions(command).map(({ option, offer }) =>
      row(
        option.names.map((one) => `${path}:${one}`),
        offering(offer, name),
      ),
    ),
  );

const argumentRows = (places: readonly CompletionPlace[], name: string): readonly string[] =>
  places.flatMap(({ path, command }) =>
    command.arguments.map((argument, index) => {
      const at = `${path}:${argument.repeated ? "" : String(index)}`;
      const pattern = argument.repeated ? `${single(at)}*` : single(at);
      return `    ${pattern}) ${offering(offerOfArgument(argument), name)} ;;`;
    }),
  );

const wordRows = (places: readonly CompletionPlace[]): readonly string[] =>
  places.map(({ path, command: { commands, options } }) =>
    row(
      [path],
      `commands=(${commands.map(({ name }) => name).join(" ")}) options=(${options
        .flatMap(({ names }) => names)
        .join(" ")})`,
    ),
  );

const inCase = (subject: string, rows: readonly string[]): string =>
  `  case ${subject} in\n${rows.join("\n")}\n    *) ;;\n  esac`;

const askingLibvirt = (
  name: string,
): string => `# A word without its quotes and backslashes, as a command gets it.
_${name}_plain() {
  case $1 in
    [\\"\\']*) plain=\${1:1} plain=\${plain%"\${1:0:1}"} ;;
    *) IFS= read plain <<<"$1" ;;
  esac
}
_${name}_guests() {
  local plain guest quote=''
  local -a guests
  mapfile -t guests < <(${VIRSH} list "$@" --name 2>/dev/null)
  _${name}_plain "$cur"
  case $cur in [\\"\\']*) quote=\${cur:0:1} ;; esac
  for guest in "\${guests[@]}"; do
    if [[ -z $guest || $guest != "$plain"* ]]; then continue; fi
    # In quotes that are typed, the shell inserts a name as it is.
    case $quote in
      \\") if [[ $guest == *[\\"\\$\\\\\\\`]* ]]; then continue; fi ;;
      \\') if [[ $guest == *\\'* ]]; then continue; fi ;;
      *) printf -v guest %q "$guest" ;;
    esac
    COMPREPLY+=("$guest")
  done
}
_${name}_nics() {
  local plain tap type source model mac
  _${name}_plain "$1"
  ${VIRSH} domiflist "$plain" 2>/dev/null | while read -r tap type source model mac; do
    if [[ $tap == - ]]; then echo "$mac"; elif [[ -n $mac ]]; then echo "$tap"; fi
  done
}
`;

/** Returns the completion for bash. */
export const bash = (program: Outline): string => {
  const { name } = program;
  const places = placesOf(program);
  const valued = optionsWithValue(places);
  return `# bash completion for ${name}: source it, or put it into /etc/bash_completion.d
_${name}_offer() {
  local word
  for word in "$@"; do
    if [[ -n $word && $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi
  done
}
_${name}_lines() {
  local -a lines
  mapfile -t lines
  _${name}_offer "\${lines[@]}"
}
_${name}_directories() {
  compopt -o filenames 2>/dev/null
  _${name}_lines < <(compgen -d -- "$cur")
}
_${name}_files() {
  local file
  _${name}_directories
  while IFS= read -r file; do
    if [[ ! -d $file && $file == *"$1" ]]; then COMPREPLY+=("$file"); fi
  done < <(compgen -f -- "$cur")
}
${offersAny(places, "guests", "running-guests", "nics") ? askingLibvirt(name) : ""}_${name}() {
  local -a typed=() given=()
  local -a commands=() options=()
  local word cur last place='' option='' whole=1
  # bash splits words at = and :, which are part of them here.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if ((\${#typed[@]} > 0)) && [[ $whole == 0 || $word == [=:]* ]]; then
      typed[\${#typed[@]} - 1]+=$word
      [[ $word == [=:]* ]]
      whole=$?
    else
      typed+=("$word")
      whole=1
    fi
  done
  cur=\${typed[\${#typed[@]} - 1]}
  for word in "\${typed[@]:0:\${#typed[@]} - 1}"; do
    if [[ -n $option ]]; then
      option=
      continue
    fi
    case $word in
      -*)
        case $place:$word in ${valued.length === 0 ? "''" : valued.join(" | ")}) option=$word ;; esac
        continue
        ;;
    esac
    if ((\${#given[@]} == 0)); then
      case \${place:+$place }$word in ${commandWords(places).join(" | ")})
        place=\${place:+$place }$word
        continue
        ;;
      esac
    fi
    given+=("$word")
  done
  last=\${COMP_WORDS[COMP_CWORD]}
  case $last in [=:]*) last=\${last##*[=:]} ;; esac
  local before=\${cur%"$last"}
  if [[ -z $option && $cur == --*=* ]]; then
    option=\${cur%%=*}
    if [[ $last == "$cur" ]]; then before=''; else before=\${before#*=}; fi
    cur=\${cur#*=}
  fi
  COMPREPLY=()
${inCase("$place", wordRows(places))}
  if [[ -n $option ]]; then
  ${inCase("$place:$option", optionRows(places, name)).replaceAll("\n", "\n  ")}
  elif [[ $cur == -* ]]; then
    _${name}_offer "\${options[@]}"
  else
    if ((\${#given[@]} == 0)); then _${name}_offer "\${commands[@]}"; fi
  ${inCase("$place:${#given[@]}", argumentRows(places, name)).replaceAll("\n", "\n  ")}
    if ((\${#COMPREPLY[@]} == 0)) && [[ -z $cur ]]; then _${name}_offer "\${options[@]}"; fi
  fi
  if [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
  COMPREPLY=("\${COMPREPLY[@]#"$before"}")
}
complete -F _${name} ${name}
`;
};
