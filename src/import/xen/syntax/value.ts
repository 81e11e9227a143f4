import type { Position } from "../../../values/issue.ts";

// `xl` reads a small grammar (tools/libs/util/libxlu_cfg_l.l, libxlu_cfg_y.y), `xm` ran the file as Python 2.

/** Whose syntax a file is written in. */
export type Dialect = "xl" | "xm";

export interface TextValue {
  readonly kind: "string" | "number";
  /** A number as it is written: `0x200` and `"512"` mean the same to xl. */
  readonly text: string;
  /** Where the first character of the text is, inside the quotes. */
  readonly at: Position;
  /** Whether each character of the text is one of the file's: then a place in the text is a place in the line. */
  readonly plain: boolean;
}

/** `True`, `False` or `None`, which xm files have. */
export interface ConstantValue {
  readonly kind: "constant";
  readonly text: "True" | "False" | "None";
  readonly at: Position;
}

/** A list, or xm's tuple. */
export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly at: Position;
}

/** xm's dictionary, which Oracle VM writes. */
export interface DictValue {
  readonly kind: "dict";
  readonly entries: readonly (readonly [Value, Value])[];
  readonly at: Position;
}

export type Value = TextValue | ConstantValue | ListValue | DictValue;

/** One `key = value` of a file, in its order. */
export interface Assignment {
  readonly key: string;
  readonly at: Position;
  readonly operator: "=" | "+=";
  readonly value: Value;
}

/** Something that the real tool would have refused, and that we take. */
export interface Leniency {
  readonly at: Position;
  readonly message: string;
}

export interface XenConfig {
  readonly dialect: Dialect;
  readonly assignments: readonly Assignment[];
  readonly lenient: readonly Leniency[];
}

/** The place of character number `index` of a text, for messages. */
export const placeIn = ({ at, plain }: TextValue, index: number): Position =>
  plain ? { line: at.line, column: at.column + index } : at;
