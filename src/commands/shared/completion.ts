import type { Outline, OutlinedOption } from "./outline.ts";
import type { Shell } from "./shells.ts";

/** The running guests, for commands that take their names. */
const GUESTS = "virsh -q -c qemu:///system list --name 2>/dev/null";

const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const takesGuest = ({ arguments: all }: Outline): boolean => all.some(({ value }) => value.name === "guest");
const valued = ({ options, commands }: Outline): readonly OutlinedOption[] => [
  ...options.filter(({ value }) => value !== null),
  ...commands.flatMap(valued),
];
const wordsOf = ({ options, commands }: Outline): string =>
  [...commands.map(({ name }) => name), ...options.flatMap(({ names }) => names)].join(" ");

const bash = (program: Outline): string => {
  const { name, commands } = program;
  const choices = valued(program).flatMap(({ names, value }) =>
    value === null || value.choices.length === 0
      ? []
      : [
          `    ${names.join(" | ")}) COMPREPLY=($(compgen -W ${single(value.choices.join(" "))} -- "$cur")); return ;;`,
        ],
  );
  const cases = commands.map(
    (command) =>
      `    ${command.name}) words=${single(wordsOf(command))}${takesGuest(command) ? `" $(${GUESTS})"` : ""} ;;`,
  );
  return `# bash completion for ${name}: source it, or put it into /etc/bash_completion.d
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command= words= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.map((command) => command.name).join(" | ")}) command=$word; break ;; esac
  done
  case $prev in
${choices.join("\n")}${choices.length === 0 ? "" : "\n"}    *) ;;
  esac
  case $command in
    '') words=${single(wordsOf(program))} ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur"))
}
complete -o filenames -F _${name} ${name}
`;
};

/** zsh's _arguments takes brackets and colons of a description for its own. */
const inZsh = (text: string): string => text.replaceAll(/[[\]:\\]/g, "\\$&");
const zshOption = ({ names, description, value }: OutlinedOption): string => {
  const what = `[${inZsh(description)}]`;
  const after =
    value === null
      ? ""
      : value.choices.length === 0
        ? ":value:_files"
        : `:value:(${value.choices.join(" ")})`;
  return names.map((name) => `    ${single(`${name}${what}${after}`)} \\`).join("\n");
};

const zsh = ({ name, options, commands }: Outline): string => {
  const cases = commands.map((command) => {
    const rest = takesGuest(command) ? `'*:guest:($(${GUESTS.replaceAll("'", "")}))'` : "'*:file:_files'";
    const lines = command.options.map(zshOption).join("\n");
    return `    ${command.name})\n      _arguments \\\n${lines}\n      ${rest} ;;`;
  });
  return `#compdef ${name}
# zsh completion for ${name}: put it as _${name} into a folder of $fpath
_${name}() {
  local -a commands
  commands=(
${commands.map((command) => `    ${single(`${command.name}:${inZsh(command.summary)}`)}`).join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    _arguments \\
${options.map(zshOption).join("\n")}
    '*:file:_files'
    return
  fi
  case $words[2] in
${cases.join("\n")}
    *) _files ;;
  esac
}
_${name} "$@"
`;
};

const fishOption = (
  program: string,
  condition: string,
  { names, description, value }: OutlinedOption,
): string => {
  const flags = names
    .map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
    .join(" ");
  const after =
    value === null ? "" : value.choices.length === 0 ? " -r" : ` -x -a ${single(value.choices.join(" "))}`;
  return `complete -c ${program} -n ${single(condition)} ${flags}${after} -d ${single(description)}`;
};

const fish = ({ name, options, commands }: Outline): string => {
  const lines = commands.flatMap((command) => {
    const condition = `__fish_seen_subcommand_from ${command.name}`;
    return [
      `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${single(command.summary)}`,
      ...command.options.map((option) => fishOption(name, condition, option)),
      ...(takesGuest(command)
        ? [`complete -c ${name} -n ${single(condition)} -a ${single(`(${GUESTS})`)}`]
        : []),
    ];
  });
  const own = options.map((option) => fishOption(name, "__fish_use_subcommand", option));
  return `# fish completion for ${name}: put it into ~/.config/fish/completions/${name}.fish\n${[...own, ...lines].join("\n")}\n`;
};

/** A shell's completion of a program's commands, options and guests. */
export const renderCompletion = (program: Outline, shell: Shell): string =>
  ({ bash, zsh, fish })[shell](program);
