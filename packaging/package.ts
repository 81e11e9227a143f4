// Makes a release's files: `npm run package [-- DIRECTORY]` (release/ by default). The same commit gives the same bytes.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledIn } from "./bundled.ts";
import { makeDeb } from "./deb.ts";
import { debs } from "./debs.ts";
import { readRelease } from "./release.ts";
import { makeRpms } from "./rpm.ts";
import { sbom } from "./sbom.ts";

/** What it runs, and the Debian package that has it. */
const TOOLS = { "dpkg-deb": "dpkg", rpmbuild: "rpm" } as const;

const needTools = (): void => {
  const missing = Object.entries(TOOLS).filter(([tool]) => {
    try {
      execFileSync(tool, ["--version"], { stdio: "ignore" });
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  console.error(
    `package: error: not found: ${missing.map(([tool, name]) => `${tool} (package ${name})`).join(", ")}`,
  );
  process.exit(1);
};

const npmPack = (output: string): string => {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", output];
  const packed = execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const [{ filename } = { filename: "" }] = JSON.parse(packed) as readonly { readonly filename: string }[];
  return filename;
};

needTools();
const output = process.argv[2] ?? "release";
const release = readRelease();
const bundled = bundledIn("dist");
mkdirSync(output, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "guestnet-package-"));
try {
  const bom = `guestnet-${release.version}.cdx.json`;
  writeFileSync(join(output, bom), sbom(bundled, release.epoch));
  // For those who want no package: the one file, whose sum `guestnet doctor` compares.
  copyFileSync("dist/hooks/qemu", join(output, "guestnet-hook"));
  const files = [
    ...["guestnet-hook", bom, npmPack(output)],
    ...debs(bundled).map((deb) => makeDeb(deb, release, work, output)),
    ...makeRpms(bundled, release, work, output),
  ].sort();
  const sum = (file: string): string =>
    createHash("sha256")
      .update(readFileSync(join(output, file)))
      .digest("hex");
  writeFileSync(join(output, "SHA256SUMS"), files.map((file) => `${sum(file)}  ${file}\n`).join(""));
  for (const file of [...files, "SHA256SUMS"]) console.log(join(output, file));
} finally {
  rmSync(work, { recursive: true, force: true });
}
