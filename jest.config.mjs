const shared = {
  testEnvironment: "node",
  transform: { "\\.(ts|xml)$": "./test/support/transform.mjs" },
  extensionsToTreatAsEsm: [".ts", ".xml"],
  moduleFileExtensions: ["ts", "mjs", "js", "json"],
};
const lab = ["<rootDir>/test/lab/**/*.test.ts", "<rootDir>/test/e2e/**/*.test.ts"];

/**
 * Two projects: `unit` runs anywhere in seconds, on all processors; then `lab` drives real libvirtd, QEMU and kernels, and has
 * the machine for itself.
 */
export default {
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/test/lab/", "/test/e2e/"],
    },
    { ...shared, displayName: "lab", testMatch: lab, runner: "./test/support/one-file-at-a-time.mjs" },
  ],
  maxWorkers: "100%",
  testTimeout: 300_000,
  reporters: ["default", "./test/support/closing-line.mjs"],
};
