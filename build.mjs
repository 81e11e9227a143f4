// Bundles the programs and the hook, each into one file that needs nothing but Node.
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const { version, homepage = "the npm package guestnet" } = JSON.parse(await readFile("package.json", "utf8"));
/** @satisfies {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  platform: /** @type {const} */ ("node"),
  legalComments: /** @type {const} */ ("none"),
  define: { VERSION: JSON.stringify(version) },
  loader: /** @type {const} */ ({ ".xml": "text" }),
  // jsonc-parser's main is UMD, which hides its parts from a bundler; its ES module does not.
  mainFields: ["module", "main"],
  logLevel: /** @type {const} */ ("warning"),
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist/hooks", { recursive: true });

await build({
  ...shared,
  entryPoints: { genxml: "src/cli/genxml.ts" },
  outdir: "dist",
  format: "esm",
  target: "node20",
  // CommonJS libraries inside the bundle still ask for Node's own modules.
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
});
await chmod("dist/genxml.js", 0o755);

// The hook is not minified: root runs it, so an administrator must be able to read it.
const head = (await readFile("hooks/head.sh", "utf8"))
  .replaceAll("@VERSION@", version)
  .replaceAll("@HOMEPAGE@", homepage);
const { outputFiles, metafile } = await build({
  ...shared,
  entryPoints: ["hooks/qemu.ts"],
  write: false,
  format: "cjs",
  target: "node18",
  metafile: true,
});
const [hook] = outputFiles ?? [];
if (hook === undefined) throw new Error("esbuild wrote no hook");
await writeFile("dist/hooks/qemu", head + hook.text, { mode: 0o755 });
// What is in the hook, for the test that guards it.
await writeFile("dist/hook.meta.json", JSON.stringify(metafile));
// Without it node would take the hook for an ES module as long as it lies in this package.
await writeFile("dist/hooks/package.json", '{ "type": "commonjs" }\n');
