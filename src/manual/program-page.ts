import type { Outline, OutlinedArgument, OutlinedOption } from "../commands/shared/outline.ts";
import { exampleLines, type Reference } from "../commands/shared/reference.ts";
import { bold, page, references, roff, rowsOf, section, syntax, tagged, verbatim } from "./roff.ts";

const described = ({ description, notes }: OutlinedOption | OutlinedArgument): string =>
  roff(notes === "" ? description : `${description} (${notes})`);

const argumentsAndOptions = (outline: Outline): string =>
  [
    ...outline.arguments.map((one) =>
      tagged(syntax(`<${one.value.name}${one.repeated ? "..." : ""}>`), described(one)),
    ),
    ...outline.options.map((one) => tagged(syntax(one.flags), described(one))),
  ].join("\n");

const paragraph = (heading: string): string => `.PP\n${bold(`${heading}:`)}`;

const below = ({ lists, examples }: Reference): string =>
  [
    ...lists.flatMap(({ heading, rows }) => [paragraph(heading), rowsOf(rows)]),
    ...(examples.length === 0 ? [] : [paragraph("Examples"), verbatim(exampleLines(examples))]),
  ].join("\n");

/** A command with all below it. */
const command = (outline: Outline): readonly string[] => [
  `.SS ${roff(outline.usage)}`,
  roff(outline.description),
  argumentsAndOptions(outline),
  below(outline.reference),
  ...outline.commands.flatMap(command),
];

/** The commands by their groups, before each has its own part. */
const overview = ({ commands }: Outline): string =>
  rowsOf(
    [...new Set(commands.map(({ group }) => group))].map((group) => [
      group,
      commands
        .filter((one) => one.group === group)
        .map(({ name }) => name)
        .join(", "),
    ]),
  );

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Returns the manual page of a program: its help, and more. */
export const programPage = (program: Outline, number: 1 | 8, version: string): string => {
  const { name, description, reference, commands } = program;
  const exitCodes = reference.lists.find(({ heading }) => heading === "Exit codes");
  const what = lowerFirst(description.replace(/\.$/, ""));
  return page({ name, section: number, version, what }, [
    section("SYNOPSIS", [program, ...commands].map(({ usage }) => syntax(usage)).join("\n.br\n")),
    section("DESCRIPTION", roff(description)),
    section("OPTIONS", argumentsAndOptions(program)),
    section("COMMANDS", overview(program), ...commands.flatMap(command)),
    section("EXIT STATUS", rowsOf(exitCodes?.rows ?? [])),
    section("FILES", rowsOf(reference.files)),
    section("ENVIRONMENT", rowsOf(reference.environment)),
    section("EXAMPLES", verbatim(exampleLines(reference.examples))),
    section("SEE ALSO", references(reference.seeAlso)),
  ]);
};
