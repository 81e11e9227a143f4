import { type Issue, type IssueCode, type Position, renderPath } from "../../values/issue.ts";

/** The result of an item of a file. */
export type Disposition = "taken" | "changed" | "dropped" | "unknown";
/** The work that it leaves to a person: none, a step that the report describes, or a decision. */
export type Weight = "note" | "step" | "person";

/** An item of a file, and its position. */
export interface Origin {
  readonly at: Position;
  /** `["vif", 0, "mac"]`; of XML `["devices", "interface", 0, "mac"]`. */
  readonly path: Issue["path"];
  /** As written; a password is never in it. */
  readonly found: string;
}

/** A value with its position. */
export interface Given<T> extends Origin {
  readonly value: T;
}

/** One line of the report: nothing in a file is without one. */
export interface ReportEntry extends Origin {
  readonly outcome: Disposition;
  readonly weight: Weight;
  /** The result, and the reason. */
  readonly text: string;
}

/** The time at which a person does it. */
export type ReportPhase = "before" | "host" | "inside";

export interface Task {
  readonly phase: ReportPhase;
  /** Markdown, one paragraph. */
  readonly text: string;
  readonly weight: "step" | "person";
  /** A few words for the table of many guests; null if the text is short. */
  readonly why: string | null;
}

/** The items of a file with their results; filled while the file is read. */
export class Report {
  readonly entries: ReportEntry[] = [];
  readonly issues: Issue[] = [];
  readonly tasks: Task[] = [];

  taken(origin: Origin, text: string, weight: Weight = "note"): void {
    this.#note("taken", origin, text, weight);
  }

  changed(origin: Origin, text: string, weight: Weight = "note"): void {
    this.#note("changed", origin, text, weight);
  }

  dropped(origin: Origin, text: string, weight: Weight = "note"): void {
    this.#note("dropped", origin, text, weight);
  }

  unknown(origin: Origin, text: string, weight: Weight = "step"): void {
    this.#note("unknown", origin, text, weight);
  }

  /** Reports an error that prevents the import of the file. */
  refuse(code: IssueCode, { at, path }: Pick<Origin, "at" | "path">, message: string): void {
    this.issues.push({ severity: "error", code, path, message, position: at });
  }

  /** Whether something is accounted for already. */
  has({ at, path }: Pick<Origin, "at" | "path">): boolean {
    const key = renderPath(path);
    return this.entries.some(
      (one) => one.at.line === at.line && one.at.column === at.column && renderPath(one.path) === key,
    );
  }

  task(phase: ReportPhase, text: string, weight: Task["weight"] = "step", why: string | null = null): void {
    if (!this.tasks.some((task) => task.phase === phase && task.text === text))
      this.tasks.push({ phase, text, weight, why });
  }

  #note(outcome: Disposition, { at, path, found }: Origin, text: string, weight: Weight): void {
    this.entries.push({ at, path, found, outcome, weight, text });
  }
}

/** `vif[0].mac = 00:16:3e:00:00:01`, for a line of the report. */
export const renderOrigin = ({ path, found }: Origin): string =>
  found === "" ? renderPath(path) : `${renderPath(path)} = ${found}`;
