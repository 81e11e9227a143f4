import { Command, type Help } from "commander";
import { usageError } from "../../values/failure.ts";
import { PlainHelp } from "./plain-help.ts";
import { type Example, type Reference, renderReference, type Row } from "./reference.ts";

/** A command with the texts of its help and manual page, beyond its options, as data. */
export class DocumentedCommand extends Command {
  declare readonly commands: readonly DocumentedCommand[];
  readonly reference: Reference = {
    ...{ examples: [], lists: [], suggestions: new Map<string, readonly string[]>() },
    ...{ files: [], environment: [], seeAlso: [] },
  };

  constructor(name?: string) {
    super(name);
    this.helpOption("-h, --help", "show this help").addHelpText("after", () =>
      renderReference(this.reference),
    );
  }

  override createCommand(name?: string): DocumentedCommand {
    return new DocumentedCommand(name);
  }

  override createHelp(): Help {
    return Object.assign(new PlainHelp(), this.configureHelp());
  }

  /** Reports a usage error, commander's own ones included, in the shape of all errors. */
  override error(message: string): never {
    const [problem = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
    const text = problem
      .replace(
        / is invalid( for argument '[^']*')?\. (\S)/,
        (_, argument: string | undefined, letter: string) =>
          ` is invalid${argument ?? ""}: ${letter.toLowerCase()}`,
      )
      .replace(/\.$/, "");
    throw usageError(text, this.hintFor(text, /^\(Did you mean (.+)\?\)$/.exec(suggestion)?.[1]));
  }

  /** @param near what commander found near a mistyped word */
  private hintFor(problem: string, near: string | undefined): string {
    if (!problem.startsWith("unknown command")) {
      return near === undefined ? `${this.path} --help` : `did you mean ${near}?`;
    }
    // A command in many programs, and an option here.
    const meant = this.parent === null && problem.endsWith("'version'") ? "--version" : near;
    return meant === undefined ? `${this.path} --help` : `did you mean '${this.path} ${meant}'?`;
  }

  /** The names from the program to this command: `genxml import xen`. */
  get path(): string {
    return this.parent instanceof DocumentedCommand ? `${this.parent.path} ${this.name()}` : this.name();
  }

  examples(...examples: readonly Example[]): this {
    this.reference.examples.push(...examples);
    return this;
  }

  /** Adds a list at the end of the help. */
  list(heading: string, ...rows: readonly Row[]): this {
    this.reference.lists.push({ heading, rows });
    return this;
  }

  /** Lets shells offer words for an argument whose values are not all known. One that ends in `=` is not a whole one. */
  suggest(argument: string, words: readonly string[]): this {
    this.reference.suggestions.set(argument, words);
    return this;
  }

  exitCodes(...rows: readonly Row[]): this {
    return this.list("Exit codes", ...rows);
  }

  /** Adds files to the manual page. */
  files(...rows: readonly Row[]): this {
    this.reference.files.push(...rows);
    return this;
  }

  /** Adds environment variables to the manual page. */
  environment(...rows: readonly Row[]): this {
    this.reference.environment.push(...rows);
    return this;
  }

  /** Adds manual pages, such as `genxml(1)`, for further reading. */
  seeAlso(...pages: readonly string[]): this {
    this.reference.seeAlso.push(...pages);
    return this;
  }
}
