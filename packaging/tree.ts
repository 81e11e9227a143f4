import {
  chmodSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What lies at a path of an installed system. */
export type Entry =
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly mode: 0o644 | 0o755 }
  | { readonly kind: "link"; readonly to: string }
  | { readonly kind: "directory" };

/** A package's content: paths from the root, without a slash in front. */
export type Tree = Readonly<Record<string, Entry>>;

export const text = (content: string, mode: 0o644 | 0o755 = 0o644): Entry => ({
  kind: "file",
  bytes: Buffer.from(content),
  mode,
});

export const copy = (file: string, mode: 0o644 | 0o755 = 0o644): Entry => ({
  kind: "file",
  bytes: readFileSync(file),
  mode,
});

export const link = (to: string): Entry => ({ kind: "link", to });

/** `755` for what begins with an interpreter. */
const modeOf = (file: string): 0o644 | 0o755 =>
  readFileSync(file).subarray(0, 2).toString() === "#!" ? 0o755 : 0o644;

/** A folder with all below it. @param mode of its files, or null for what each begins with */
export const copies = (folder: string, to: string, mode: 0o644 | null = null): Tree =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [join(to, file.slice(folder.length)), copy(file, mode ?? modeOf(file))]),
  );

/** The folders of a tree, each before what is in it. */
const foldersOf = (tree: Tree): readonly string[] => {
  const all = new Set<string>();
  const add = (folder: string): void => {
    if (folder === "." || all.has(folder)) return;
    add(dirname(folder));
    all.add(folder);
  };
  for (const [path, { kind }] of Object.entries(tree)) add(kind === "directory" ? path : dirname(path));
  return [...all];
};

/** Writes a tree below a folder, with modes and times that depend on nothing else. */
export const writeTree = (tree: Tree, root: string, epoch: number): void => {
  const folders = foldersOf(tree);
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, entry] of Object.entries(tree)) {
    const file = join(root, path);
    if (entry.kind === "link") symlinkSync(entry.to, file);
    if (entry.kind !== "file") continue;
    writeFileSync(file, entry.bytes);
    chmodSync(file, entry.mode);
  }
  const all = ["", ...folders, ...Object.keys(tree)];
  // From the deepest up: writing into a folder changes its time.
  for (const path of all.reverse()) {
    if (tree[path]?.kind !== "link" && tree[path]?.kind !== "file") chmodSync(join(root, path), 0o755);
    lutimesSync(join(root, path), epoch, epoch);
  }
};
