import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deadline } from "../../../run/deadline.ts";
import { runUntil } from "../../../run/run-child.ts";
import { parseXml } from "../../../xml/parse.ts";
import { child, textOf, type XmlElement } from "../../../xml/tree.ts";

/** The domain of a guest, as genxml writes it. */
export interface Domain {
  readonly name: string;
  readonly xml: string;
  readonly root: XmlElement;
}

const ENDS_MS = 300_000;

/** What genxml made of the paths of each host, or its report of everything that is wrong. */
export type Generated =
  | { readonly kind: "made"; readonly domains: readonly (readonly Domain[])[]; readonly report: string }
  | { readonly kind: "wrong"; readonly report: string };

const domainsIn = (folder: string): readonly Domain[] =>
  readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const xml = readFileSync(join(folder, file), "utf8");
      const root = parseXml(xml);
      return root === null ? [] : [{ name: textOf(child(root, "name")), xml, root }];
    });

/**
 * Runs the genxml that was installed with this program: it checks all profiles of all hosts together, and writes the domains of
 * each host only if no profile has an error.
 *
 * @param paths all of them: those of hosts that are not pushed to may conflict, too
 * @param placed paths of each host
 * @param options of genxml
 */
export const generate = async (
  paths: readonly string[],
  placed: readonly (readonly string[])[],
  options: readonly string[],
): Promise<Generated> => {
  const run = runUntil(deadline(Date.now() + ENDS_MS));
  const genxml = join(dirname(realpathSync(process.argv[1] ?? "")), "genxml.js");
  const made = (...args: readonly string[]) => run(process.execPath, [genxml, ...args]);
  const checked = await made("check", ...paths);
  if (checked.code !== 0) return { kind: "wrong", report: checked.stderr + checked.stdout };
  const folder = mkdtempSync(join(tmpdir(), "guestnet-push-"));
  try {
    const domains: (readonly Domain[])[] = [];
    for (const [at, own] of placed.entries()) {
      const target = join(folder, String(at));
      if (own.length === 0) domains.push([]);
      else {
        const ran = await made(...own, ...options, "--quiet", "-o", `${target}/`);
        if (ran.code !== 0) return { kind: "wrong", report: ran.stderr };
        domains.push(domainsIn(target));
      }
    }
    return { kind: "made", domains, report: checked.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
