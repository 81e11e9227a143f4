import type { Prose } from "./prose.ts";

/** Words that are not written here, and what is written instead. */
const WORDS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\b(nobody|no one|somebody|someone|anybody|everybody|whoever)\b/i, "name the subject"],
  [/\b(we|us|our|ours|ourselves)\b/i, "name guestnet, genxml or the hook"],
  [/\bmend(s|ed|ing)?\b/i, "repair (what apply does) or fix (what you do)"],
  [/\b(left out|leaves? out|leaving out)\b/i, "absent, omit or default"],
  [/\bwrong use\b/i, "usage error"],
  [/\bfolders?\b/i, "directory"],
  [/\bleftovers?\b/i, "stale"],
  [/\bclash(es|ed|ing)?\b/i, "conflict"],
  [/\bstand-by\b/i, "standby"],
  [/\b(hears?|heard|thinks?|thought)\b/i, "receive, read or see"],
  [/\bfor ever\b/i, "permanently"],
  [/\bwithout a word\b/i, "silently"],
  [/\bpass(es|ed)? over\b/i, "ignore"],
  [/\bitself the VLAN\b/i, "per-VLAN bridge"],
  [/\bas it should be\b/i, "ok, or correct"],
  [/\bis no (bridge|port|file|directory|address|number|name|list|VLAN|guest|device)\b/i, "is not a …"],
  [
    /\b(hook|genxml|guestnet|libvirtd?|doctor|kernel|QEMU|journal|program|command|daemon|bridge|switch) (also )?(says?|said|tells?|told|knows?|knew|wants?|wanted)\b/i,
    "programs report, read, require",
  ],
];

const WORDS_OF_A_SENTENCE = 25;
const COLUMNS = 4;
const CELL = 60;
const ROW = 120;

/** Names that keep their capital inside a heading; a word with two capitals or a digit does so by itself. */
const NAMES = new Set(
  "Ansible Arch Bash Debian Fedora Git Incus Jest Linux Markdown Netplan Node Open Oracle Proxmox Prometheus Python QuickJS Ubuntu Windows Xen Ethernet Secure Boot Alpine Rocky Kubernetes".split(
    " ",
  ),
);

/** Ends of sentences; not the dots of `e.g. x`, `1.5` or `…`. */
const sentencesOf = (text: string): readonly string[] =>
  text.split(/\n|(?<=[^.\s][.!?]["')*]*)\s+(?=[^a-z])/);

/** Words with letters; a path, an option or a number is one. */
const wordsOf = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[a-z]/i.test(word)).length;

const wordFaults = ({ text }: Prose): readonly string[] =>
  WORDS.flatMap(([pattern, instead]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`"${found}": ${instead}`];
  });

const lengthFaults = ({ text }: Prose): readonly string[] =>
  sentencesOf(text).flatMap((sentence) => {
    const words = wordsOf(sentence);
    return words > WORDS_OF_A_SENTENCE
      ? [`a sentence of ${words} words, at most ${WORDS_OF_A_SENTENCE}: "${sentence.trim().slice(0, 60)} …"`]
      : [];
  });

const rowFaults = ({ text }: Prose): readonly string[] => {
  const cells = text
    .replaceAll("\\|", "¦")
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  const longest = Math.max(...cells.map((cell) => cell.length));
  return [
    ...(cells.length > COLUMNS ? [`a table of ${cells.length} columns, at most ${COLUMNS}`] : []),
    ...(longest > CELL ? [`a cell of ${longest} characters, at most ${CELL}`] : []),
    ...(text.length > ROW ? [`a row of ${text.length} characters, at most ${ROW}`] : []),
  ];
};

const headingFaults = ({ text }: Prose): readonly string[] => {
  const [, ...rest] = text.split(/[\s/(]+/);
  const capital = rest.find((word) => /^[A-Z][a-z]+$/.test(word) && !NAMES.has(word));
  return capital === undefined ? [] : [`"${capital}" in a heading: sentence case`];
};

const RULES: Readonly<Record<Prose["kind"], readonly ((prose: Prose) => readonly string[])[]>> = {
  comment: [wordFaults],
  message: [wordFaults, lengthFaults],
  prose: [wordFaults, lengthFaults],
  heading: [wordFaults, headingFaults],
  row: [wordFaults, rowFaults],
};

/** What is not plain English in a piece of text, with its line. */
export const faultsOf = (prose: Prose): readonly string[] =>
  RULES[prose.kind].flatMap((rule) => rule(prose).map((fault) => `${prose.line}: ${fault}`));
