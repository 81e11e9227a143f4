import type { Machine } from "../../../lab/lab.ts";

/** What is asked of the kernel, and which lines of the answer a guest could leave behind, in what order. */
const QUESTIONS: readonly (readonly [string, (answer: string) => readonly string[]])[] = [
  ["ip -br link", (answer) => linesOf(answer).map(firstWord).sort()],
  ["bridge vlan show", (answer) => withPorts(linesOf(answer).slice(1)).sort()],
  [
    "bridge fdb show",
    (answer) =>
      linesOf(answer)
        .filter((line) => /static|permanent/.test(line) && !line.startsWith("33:33"))
        .sort(),
  ],
  [
    "ip -br address",
    (answer) =>
      linesOf(answer)
        .filter((line) => !["br0", "br1"].includes(firstWord(line)))
        .sort(),
  ],
  ["ip route show table all", (answer) => without("dev br", answer)],
  ["ip neigh show", (answer) => without("dev up0", answer)],
  ["ip neigh show proxy", (answer) => linesOf(answer).toSorted()],
  ["nft list ruleset", (answer) => [answer.replace(/^table inet guestnet \{[^]*?^\}\n/m, "").trimEnd()]],
];

const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => line.trim() !== "");
const firstWord = (line: string): string => line.split(/\s/, 1)[0] ?? "";
const without = (what: string, answer: string): readonly string[] =>
  linesOf(answer)
    .filter((line) => !line.includes(what))
    .sort();

/** bridge(8) names a port once, before the first of its VLANs. */
const withPorts = (lines: readonly string[]): string[] => {
  let port = "";
  return lines.map((line) => {
    if (/^\S/.test(line)) {
      port = firstWord(line);
      return line.trim().replaceAll(/\s+/g, " ");
    }
    return `${port} ${line.trim().replaceAll(/\s+/g, " ")}`;
  });
};

const BETWEEN = "--------\n";

/**
 * Everything of the host's network that a guest could leave behind, as text (not what the bridges and the uplink `up0` learn
 * for themselves): devices, VLANs, static forwarding entries,
 * addresses, routes and neighbours of all tables, what is answered for, and the rules but for the static table of routed guests.
 */
export const network = async (host: Machine): Promise<string> => {
  const answers = await host.sh(
    QUESTIONS.map(([question]) => `${question} || true`).join(`\nprintf %s '${BETWEEN}'\n`),
  );
  return answers
    .split(BETWEEN)
    .flatMap((answer, index) => QUESTIONS[index]?.[1](answer) ?? [])
    .map((line) => `${line}\n`)
    .join("");
};
