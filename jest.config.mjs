import { availableParallelism, totalmem } from "node:os";

const shared = {
  testEnvironment: "node",
  transform: { "\\.(ts|xml|css|sh|browser\\.js)$": "./test/support/transform.mjs" },
  extensionsToTreatAsEsm: [".ts", ".xml", ".css", ".sh"],
  moduleFileExtensions: ["ts", "mjs", "js", "json"],
  runner: "./test/support/unit-then-lab.mjs",
};
const lab = ["<rootDir>/test/lab/**/*.test.ts", "<rootDir>/test/e2e/**/*.test.ts"];

/** The whole hosts that `npm test` boots; `npm run test:hosts` boots all. */
const chosen = ["<rootDir>/test/hosts/host.test.ts"];

/** A lab's User Mode Linux may take so much memory; those of the test files that run side by side take it at the same time. */
const LAB_BYTES = 3 * 2 ** 30;
const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);

/** `unit` runs anywhere, in a minute; then `lab` drives real libvirtd, QEMU and kernels, and `hosts` whole Debian systems. */
export default {
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        "/test/lab/",
        "/test/e2e/",
        "/test/hosts/",
        "/test/browser/",
      ],
    },
    { ...shared, displayName: "lab", testMatch: lab },
    { ...shared, displayName: "hosts", testMatch: chosen },
    { ...shared, displayName: "browser", testMatch: ["<rootDir>/test/browser/**/*.test.ts"] },
    {
      ...shared,
      displayName: "more-hosts",
      testMatch: ["<rootDir>/test/hosts/**/*.test.ts"],
      testPathIgnorePatterns: chosen,
    },
  ],
  maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(memory / LAB_BYTES))),
  // On a loaded machine a process takes longer to end than jest's half a second, and would be called leaking.
  workerGracefulExitTimeout: 10_000,
  testTimeout: 300_000,
  reporters: [
    "default",
    "./test/support/failed-file.mjs",
    "./test/support/test-record.mjs",
    "./test/support/closing-line.mjs",
  ],
};
