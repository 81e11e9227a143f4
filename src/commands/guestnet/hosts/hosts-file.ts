import { type HostUri, parseHostUri } from "../../../run/host-uri.ts";
import { good, refused, type Result } from "../../../values/result.ts";

/**
 * Reads a file of hosts: a libvirt URI on each line; empty lines and what follows a `#` are for people.
 *
 * @param file its name, for the messages
 * @returns the hosts in the order of their lines, or everything that is wrong, each as `FILE:LINE:COLUMN: error: …`
 */
export const parseHosts = (file: string, text: string): Result<readonly HostUri[], string> => {
  const hosts: HostUri[] = [];
  const problems: string[] = [];
  const first = new Map<string, number>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const written = line.replace(/(^|\s)#.*$/, "").trim();
    if (written === "") continue;
    const problem = (what: string): void => {
      problems.push(`${file}:${String(at + 1)}:${String(line.indexOf(written) + 1)}: error: ${what}`);
    };
    const uri = parseHostUri(written);
    const before = first.get(written);
    if (!uri.ok) for (const what of uri.problems) problem(what);
    else if (before !== undefined)
      problem(`${written} is already on line ${String(before)}; name each host once`);
    else hosts.push(uri.value);
    if (before === undefined) first.set(written, at + 1);
  }
  if (hosts.length === 0 && problems.length === 0) {
    problems.push(
      `${file}: error: must have a libvirt URI on each line, such as qemu+ssh://root@host/system, found none`,
    );
  }
  return problems.length > 0 ? refused(...problems) : good(hosts);
};
