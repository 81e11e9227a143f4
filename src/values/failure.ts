/** What a person did or has that a program cannot go on with, and what to do about it. */
export interface Trouble {
  /** `cannot VERB OBJECT: REASON`, in one line. */
  readonly message: string;
  /** A command, or what to do in words. */
  readonly hint: string;
}

/** Why a program ends with 1, or with 64 for a usage error. Every other error is an internal one. */
export class Failure extends Error implements Trouble {
  override readonly name = "Failure";
  readonly hint: string;
  readonly exitCode: 1 | 64;

  constructor(
    message: string,
    hint: string,
    { exitCode = 1, cause }: { readonly exitCode?: 1 | 64; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** Returns a failure of the command line itself. */
export const usageError = (message: string, hint: string): Failure =>
  new Failure(message, hint, { exitCode: 64 });

/** Goes by the name: each file that is bundled by itself has a class of its own. */
export const isFailure = (error: unknown): error is Failure =>
  error instanceof Error && error.name === "Failure";

/** Returns the one shape in which programs report: `genxml: error: cannot …`, then `hint: …`. */
export const renderTrouble = (program: string, { message, hint }: Trouble): string =>
  `${program}: error: ${message}\nhint: ${hint}\n`;
