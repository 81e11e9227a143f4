// Jest's view of a source file: what esbuild makes of it, as in the build.
import { transformSync } from "esbuild";

export default {
  /** @param {string} source @param {string} path */
  process(source, path) {
    const loader = /\.(xml|css|sh|browser\.js)$/.test(path) ? "text" : "ts";
    return transformSync(source, {
      loader,
      format: "esm",
      target: "node20",
      sourcemap: "inline",
      sourcefile: path,
      define: { VERSION: '"0.0.0-test"' },
    });
  },
};
