// Bundles the programs and the hook into files that need nothing but Node and each other.
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, relative, resolve } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

const { version, homepage = "the npm package guestnet" } = JSON.parse(await readFile("package.json", "utf8"));
/** @satisfies {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  platform: /** @type {const} */ ("node"),
  legalComments: /** @type {const} */ ("none"),
  define: { VERSION: JSON.stringify(version) },
  loader: /** @type {const} */ ({ ".xml": "text", ".css": "text", ".sh": "text", ".browser.js": "text" }),
  // jsonc-parser's main is UMD, which hides its parts from a bundler; its ES module does not.
  mainFields: ["module", "main"],
  logLevel: /** @type {const} */ ("warning"),
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist/hooks", { recursive: true });

/**
 * The hook's JavaScript, for QuickJS and for Node. It is not minified: root runs it, so an administrator must be able to read it.
 *
 * @type {import("esbuild").BuildOptions & { write: false, metafile: true }}
 */
const forHook = {
  ...shared,
  entryPoints: ["hooks/main.ts"],
  format: "cjs",
  target: ["node18", "es2022"],
  write: false,
  metafile: true,
};
const { outputFiles, metafile } = await build(forHook);

/**
 * Writes the outermost arrow functions as `function`. Node.js reads those in a millisecond and a half less at each start, QuickJS both
 * alike.
 *
 * @param {string} text
 */
const withFunctions = (text) => {
  const file = ts.createSourceFile("hook.js", text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
  /** @type {{ from: number, to: number, instead: string }[]} */
  const edits = [];
  /** @param {ts.ArrowFunction} arrow */
  const edit = ({ modifiers, parameters, equalsGreaterThanToken: sign, body }) => {
    // Behind `async`, or else in front of the bracket of its parameters.
    const at = modifiers?.end ?? parameters.pos - 1;
    edits.push({ from: at, to: at, instead: modifiers === undefined ? "function" : " function" });
    edits.push({ from: sign.getStart(file), to: sign.end + 1, instead: "" });
    if (ts.isBlock(body)) return;
    edits.push({ from: body.getStart(file), to: body.getStart(file), instead: "{ return " });
    edits.push({ from: body.end, to: body.end, instead: "; }" });
  };
  /** @type {(node: ts.Node, isInside: boolean) => void} */
  const visit = (node, isInside) => {
    // Those of an arrow function are the surrounding function's.
    if (node.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(node) && node.text === "arguments"))
      throw new Error(`the hook has "${node.getText(file)}" in it`);
    if (ts.isArrowFunction(node) && !isInside) edit(node);
    ts.forEachChild(node, (child) => {
      visit(child, isInside || ts.isFunctionLike(node));
    });
  };
  visit(file, false);
  return edits.reduceRight(
    (whole, { from, to, instead }) => whole.slice(0, from) + instead + whole.slice(to),
    text,
  );
};
const javascript = withFunctions(outputFiles.map(({ text }) => text).join(""));

/** What the shell has to know of NICs is said where their elements are read. */
const shellPatterns = async () => {
  const built = await build({
    ...shared,
    entryPoints: ["src/libvirt/metadata/nic-elements.ts"],
    format: "esm",
    write: false,
  });
  const [{ text } = { text: "" }] = built.outputFiles;
  /** @type {typeof import("./src/libvirt/metadata/nic-elements.ts")} */
  const { shellPattern } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return { PREPARE: shellPattern("prepare"), START: shellPattern("start") };
};
/** @type {Readonly<Record<string, string>>} */
const values = { VERSION: version, HOMEPAGE: homepage, ...(await shellPatterns()) };
/** @param {string} name */
const shellPart = async (name) => {
  const text = await readFile(`hooks/${name}.sh`, "utf8");
  const filled = text.replaceAll(/@([A-Z]+)@/g, (_, key) => values[key] ?? "");
  // JavaScript reads all of them as one comment.
  if (filled.includes("*/")) throw new Error(`hooks/${name}.sh has the end of a comment in it`);
  return filled;
};
const parts = await Promise.all(["filter", "promote", "watch", "settle"].map(shellPart));
const heading = `
# ==== 5. The hook itself (JavaScript). Runs where the filter starts it: makes the host what the guest needs, or takes it away again.
*/
`;
const hook = `${parts.join("\n")}${heading}${javascript}`;
await writeFile("dist/hooks/qemu", hook, { mode: 0o755 });
// What is in the hook, for the test that guards it.
await writeFile("dist/hook.meta.json", JSON.stringify(metafile));
/**
 * Bundles one program. What it loads with `import()`, which is each of its commands, becomes a file of its own: Node
 * has to read the whole of a file before it runs the first line, and `genxml --help` would read 1.7 MB more.
 *
 * CommonJS, because an ES module loads all parts of Node that anything in it may need before its first line, too.
 *
 * @param {string} entry
 * @param {string} outfile
 * @param {string} folder for its commands
 * @param {Map<string, string>} made by whom else is loaded, and where that is
 */
const bundle = async (entry, outfile, folder, made = new Map()) => {
  /** @type {import("esbuild").Plugin} */
  const lazily = {
    name: "lazily",
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return null;
        const source = resolve(resolveDir, path);
        const target = made.get(source) ?? resolve(folder, basename(path).replace(/\.ts$/, ".js"));
        made.set(source, target);
        return { path: `./${relative(dirname(outfile), target)}`, external: true };
      });
    },
  };
  const before = new Set(made.keys());
  await build({
    ...shared,
    // By it doctor knows whether the installed hook is this one: see hook-digest.ts.
    define: {
      ...shared.define,
      HOOK_DIGEST: JSON.stringify(createHash("sha256").update(hook).digest("hex")),
    },
    entryPoints: [entry],
    outfile,
    format: "cjs",
    // Debian 12 has Node.js 18.
    target: "node18",
    // Node would look through all of a file for its exports if it were import()ed; require() does not.
    supported: { "dynamic-import": false },
    plugins: [lazily],
    banner: made.size === 0 ? { js: "#!/usr/bin/env node" } : {},
  });
  for (const [source, target] of [...made])
    if (!before.has(source)) await bundle(source, target, folder, made);
};

await bundle("src/commands/genxml/genxml.ts", resolve("dist/genxml.js"), "dist/commands");
await bundle("src/commands/guestnet/guestnet.ts", resolve("dist/guestnet.js"), "dist/guestnet");

// Without it node would take them for ES modules as long as they lie in this package.
await writeFile("dist/package.json", '{ "type": "commonjs" }\n');
await writeFile("dist/hooks/package.json", '{ "type": "commonjs" }\n');

for (const name of ["genxml", "guestnet"]) await chmod(`dist/${name}.js`, 0o755);

/** The manual pages are made of the command lines and the schemas, by a program that does not ship. */
const writeManual = async () => {
  await mkdir("dist/man");
  const program = "dist/man/pages.cjs";
  await build({
    ...shared,
    entryPoints: ["src/manual/pages.ts"],
    outfile: program,
    format: "cjs",
    // What a command does when it runs is not part of its manual page.
    plugins: [
      {
        name: "without-actions",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^\./ }, ({ kind, path }) =>
            kind === "dynamic-import" ? { path, external: true } : null,
          );
        },
      },
    ],
  });
  /** @type {typeof import("./src/manual/pages.ts")} */
  const { manualPages } = createRequire(import.meta.url)(resolve(program));
  await rm(program);
  const read = (/** @type {string} */ file) => readFile(file, "utf8");
  const examples = {
    guest: await read("fixtures/guests/dns1.json"),
    host: await read("fixtures/hosts/host.json"),
  };
  for (const [file, text] of manualPages({ version, examples })) await writeFile(`dist/man/${file}`, text);
};
await writeManual();
