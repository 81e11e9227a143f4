import type { Outline } from "./outline.ts";

/** Text for man(7): a backslash and a leading dot or quote would be commands to roff. */
const roff = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^([.'])/gm, "\\&$1");

const optionsOf = ({ options }: Outline): string =>
  options.map(({ flags, description }) => `.TP\n.B ${roff(flags)}\n${roff(description)}`).join("\n");

const argumentsOf = (outline: Outline): string =>
  outline.arguments.map(({ name, description }) => `.TP\n.I ${roff(name)}\n${roff(description)}`).join("\n");

const block = (text: string): string => (text === "" ? "" : `.PP\n.nf\n${roff(text)}\n.fi`);

const section = (outline: Outline): string =>
  [
    `.SS ${roff(outline.usage)}`,
    roff(outline.description),
    argumentsOf(outline),
    optionsOf(outline),
    block(outline.after),
  ]
    .filter((part) => part !== "")
    .join("\n");

/** A manual page of section 1, made of what the program's own help says. */
export const renderManual = (program: Outline, version: string): string =>
  `${[
    `.TH ${program.name.toUpperCase()} 1 "" "guestnet ${roff(version)}" "User Commands"`,
    ".SH NAME",
    `${program.name} \\- ${roff(program.description.replace(/\.$/, ""))}`,
    ".SH SYNOPSIS",
    `.B ${roff(program.usage)}`,
    ".SH OPTIONS",
    argumentsOf(program),
    optionsOf(program),
    ".SH COMMANDS",
    ...program.commands.map(section),
    ".SH EXAMPLES",
    block(program.after),
  ]
    .filter((part) => part !== "")
    .join("\n")}\n`;
