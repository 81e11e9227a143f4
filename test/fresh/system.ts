import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { outputOf } from "../support/run-program.ts";

/** Unpacks an archive into a directory, and tells it how this machine reaches name servers. */
export function unpackSystem(archive: string, root: string): void {
  mkdirSync(root, { recursive: true });
  run("tar", ["-C", root, "-xf", archive]);
  copyInto(root, "/etc/resolv.conf", "etc/resolv.conf");
  copyInto(root, "/etc/hosts", "etc/hosts");
  copyInto(root, "/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/ca-certificates.crt");
}

function copyInto(root: string, from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(join(root, to)), { recursive: true });
  cpSync(from, join(root, to), { recursive: true, dereference: true });
}

/** Unpacks an archive and adds what a user has who follows the README: Node.js, npm and a clone. */
export function makeSystem(archive: string, root: string): void {
  unpackSystem(archive, root);
  const copy = (from: string, to: string): void => {
    copyInto(root, from, to);
  };
  copy(process.execPath, "usr/bin/node");
  copy(npmFolder(), "usr/lib/node_modules/npm");
  for (const name of ["npm", "npx"]) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, "usr/bin", name));
  }
  // How this machine reaches npm's registry.
  copy(process.env["npm_config_userconfig"] ?? "", "root/.npmrc");
  copy(process.env["npm_config_globalconfig"] ?? "", "usr/etc/npmrc");
  run("git", ["-c", "advice.detachedHead=false", "clone", "-q", process.cwd(), join(root, CLONE)]);
}

/** Where the project is in such a system. */
export const CLONE = "root/guestnet";

/** Brings the clone of a system that was kept to the project's HEAD. */
export function updateClone(root: string): void {
  const clone = join(root, CLONE);
  run("git", ["-C", clone, "fetch", "-q", process.cwd(), "HEAD"]);
  run("git", ["-C", clone, "checkout", "-q", "--detach", "--force", "FETCH_HEAD"]);
}

/** The npm that has started us (npm-run-script(1), "npm_execpath"). */
function npmFolder(): string {
  const cli = process.env["npm_execpath"];
  if (cli === undefined) throw new Error('start it by npm: "npm run test:fresh"');
  return dirname(dirname(cli));
}

function run(file: string, args: readonly string[]): void {
  outputOf(file, args);
}
