import type { Position } from "../../../values/issue.ts";

// What only files for xm have. xl reads none of it, or ignores it.
const MARKS: readonly RegExp[] = [
  // Oracle VM writes `OVM_simple_name` and the like; xl's keys are in lower case.
  /^[ \t]*[A-Z_]\w*[ \t]*\+?=/m,
  // xend's examples begin with this line for editors.
  /^#.*-\*-.*mode: *python/im,
  /^[ \t]*(import|from|def|if|else|elif|for|while|try|except|class|print|exec|return|global|assert|with)\b(?![ \t]*\+?=)/m,
  /^[ \t]*(on_xend_start|on_xend_stop|guest_os_type|cpu_cap|vcpu_avail|bootargs|bootentry|disk_other_config)[ \t]*=/m,
];

/** Whose syntax a file is in: xl's, unless something shows that it was written for xm. */
export const dialectOf = (text: string): Dialect => (MARKS.some((mark) => mark.test(text)) ? "xm" : "xl");

/** Returns the format of a text that is not a configuration file; null if it may be one. */
export const otherInput = (text: string): string | null => {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (/^<(\?xml|!--|domain\b)/.test(start))
    return "must be an xl or xm configuration file, found XML: use `genxml import domain`";
  if (start.startsWith("(domain"))
    return "must be an xl or xm configuration file, found xend's SXP format: import /etc/xen/NAME.cfg, or `virsh dumpxml NAME` with `genxml import domain`";
  if (/^[[{]/.test(start))
    return "must be an xl or xm configuration file, found JSON from `xl list -l`: import /etc/xen/NAME.cfg";
  return null;
};

// `xl` reads a small grammar (tools/libs/util/libxlu_cfg_l.l, libxlu_cfg_y.y), `xm` ran the file as Python 2.

/** Whose syntax a file is written in. */
export type Dialect = "xl" | "xm";

export interface TextValue {
  readonly kind: "string" | "number";
  /** A number as it is written: `0x200` and `"512"` mean the same to xl. */
  readonly text: string;
  /** Position of the first character of the text, inside the quotes. */
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

/** Something that the real tool rejects and genxml accepts. */
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

// Reports are pasted into tickets: what may be a password is named, never shown.

const SECRET = /pas+w|pwd|secret|passphrase/i;

/** Returns whether a key, or a line of a file, is about a password. */
export const isSecret = (text: string): boolean => SECRET.test(text);

/** A text with the values of all its `…passwd=…` words removed. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(/([\w.]*(?:pas+w|pwd|secret|passphrase)\w*\s*=\s*)[^,]+/gi, "$1…");
