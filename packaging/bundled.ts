import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An npm package, part of which is in what ships. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The text of its licence. */
  readonly text: string;
}

/** esbuild writes the path of each source above what it takes from it. */
const SOURCE = /^ *\/\/ ((?:(?:\S+\/)?node_modules\/)(?:@[^/]+\/)?[^/]+)\//gm;

const licenseText = (path: string): string => {
  const file = readdirSync(path).find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (file === undefined) return "(The package has no file with the text of its licence.)\n";
  return readFileSync(join(path, file), "utf8");
};

const toBundled = (path: string): Bundled => {
  const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license: string;
  };
  return { name, version, license, text: licenseText(path) };
};

/** The npm packages that are in the built files, by the files themselves. */
export const bundledIn = (folder: string): readonly Bundled[] => {
  const paths = new Set<string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const built = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const [, path] of built.matchAll(SOURCE)) if (path !== undefined) paths.add(path);
  }
  return [...paths].sort().map(toBundled);
};

/** What a package's `copyright` says: this project's licence, and those of what is bundled. */
export const copyrightOf = (bundled: readonly Bundled[]): string =>
  [
    "guestnet, https://github.com/guestnet/guestnet\n",
    readFileSync("LICENSE", "utf8"),
    ...(bundled.length === 0 ? [] : ["The programs contain parts of these npm packages.\n"]),
    ...bundled.map(
      ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`,
    ),
  ].join(`\n${"-".repeat(72)}\n\n`);
