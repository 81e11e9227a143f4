import type { Issue, Position } from "../../../values/issue.ts";
import { isSecret, type Dialect } from "./value.ts";
import { isMark, type Token } from "./lex.ts";

/** A syntax error; thrown only inside the parser. */
export class SyntaxFault extends Error {
  readonly issue: Issue;
  constructor(issue: Issue) {
    super(issue.message);
    this.issue = issue;
  }
}

/** The tokens of a file, and how far they have been read. */
export class Cursor {
  readonly dialect: Dialect;
  readonly #tokens: readonly Token[];
  readonly #lines: readonly string[];
  #next = 0;

  constructor(tokens: readonly Token[], text: string, dialect: Dialect) {
    this.#tokens = tokens;
    this.#lines = text.split("\n");
    this.dialect = dialect;
  }

  /** Number of tokens that have been taken. */
  get taken(): number {
    return this.#next;
  }

  /** The token that comes next, or one near it. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error("a token list ends in `end`");
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#next += 1;
    return token;
  }

  /** Whether the token begins its line: then it may be a new statement. */
  beginsLine(): boolean {
    return this.#next === 0 || this.#tokens[this.#next - 1]?.kind === "newline";
  }

  /** Takes this mark if it comes next. */
  accept(mark: string): boolean {
    if (!isMark(this.peek(), mark)) return false;
    this.take();
    return true;
  }

  skipNewlines(): void {
    while (this.peek().kind === "newline") this.take();
  }

  /** Returns the current token, short enough for a message, and without passwords. */
  found(token: Token): string {
    if (token.kind === "end") return "the end of the file";
    if (token.kind === "newline") return "the end of the line";
    if (isSecret(this.#lines[token.at.line - 1] ?? "")) return "something on a line about a password";
    const text = /\p{C}|[^\S ]/u.test(token.text) ? JSON.stringify(token.text) : token.text;
    return text.length > 60 ? `${text.slice(0, 57)}…` : text;
  }

  fault(
    at: Position,
    rule: string,
    token: Token | null,
    code: "xen-syntax" | "xen-python" = "xen-syntax",
  ): SyntaxFault {
    const message = token === null ? rule : `${rule}, found ${this.found(token)}`;
    return new SyntaxFault({ severity: "error", code, path: [], message, position: at });
  }
}
