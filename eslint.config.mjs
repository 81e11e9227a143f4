import js from "@eslint/js";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A template that prints a number is clear enough where types are strict.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-non-null-assertion": "error",
      // noPropertyAccessFromIndexSignature's way: a key that may be missing looks different from one that cannot.
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "no-console": "error",
      // Which characters are allowed is what our patterns say.
      "no-control-regex": "off",
      eqeqeq: "error",
    },
  },
  // Plain JavaScript here is configuration and the agent in the lab: typed by tsc, without type-aware rules.
  { files: ["**/*.mjs", "**/*.js"], ...ts.configs.disableTypeChecked },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
      },
    },
  },
  {
    // Scripts of pages: tsconfig.browser.json has their types.
    files: ["**/*.browser.js"],
    languageOptions: {
      globals: {
        document: "readonly",
        location: "readonly",
        addEventListener: "readonly",
        HTMLElement: "readonly",
        HTMLDetailsElement: "readonly",
      },
    },
  },
  {
    files: ["test/**", "bench/**", "packaging/**", "build.mjs", "release.mjs"],
    rules: { "no-console": "off" },
  },
  {
    // What they run has to be on a fresh machine, too: see test/lab/packages/packages.ts.
    files: ["test/e2e/**", "test/demo/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { name: "node:child_process", message: "Use runHere of the lab: it finds the listed programs only." },
      ],
    },
  },
);
