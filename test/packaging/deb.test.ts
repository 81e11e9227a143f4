import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledIn } from "../../packaging/bundled.ts";
import { makeDeb } from "../../packaging/deb.ts";
import { debs } from "../../packaging/debs.ts";
import type { Release } from "../../packaging/release.ts";
import { sbom } from "../../packaging/sbom.ts";
import { runProgram } from "../support/run-program.ts";

const RELEASE: Release = {
  version: "1.2.3",
  maintainer: "guestnet maintainers <guestnet@users.noreply.github.com>",
  homepage: "https://github.com/guestnet/guestnet",
  epoch: 1_700_000_000,
  changelog: "# Changelog\n",
};
const BUNDLED = bundledIn("dist");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-deb-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Makes both packages in a folder of their own. @returns their files, by name */
const make = (where: string): Readonly<Record<string, string>> => {
  const output = join(folder, where);
  mkdirSync(output);
  return Object.fromEntries(
    debs(BUNDLED).map((deb) => [deb.name, join(output, makeDeb(deb, RELEASE, join(output, "work"), output))]),
  );
};
const dpkgDeb = (...args: readonly string[]): string => {
  const { status, stdout } = runProgram("dpkg-deb", args);
  expect(status).toBe(0);
  return stdout;
};
/** Modes, owners and paths of a package's content. */
const contentOf = (file: string): readonly string[] =>
  dpkgDeb("--contents", file)
    .trim()
    .split("\n")
    .map((line) => line.replace(/ +\d+ 2023-11-14 \d\d:\d\d /, " "));

test("the same input gives the same bytes, wherever and whenever it is built", () => {
  const umask = process.umask(0o077);
  const first = make("first");
  process.umask(umask);
  const second = make("second");
  expect(Object.keys(first)).toEqual(["guestnet-hook", "guestnet"]);
  for (const [name, file] of Object.entries(first))
    expect(readFileSync(file).equals(readFileSync(second[name] ?? ""))).toBe(true);
});

test("the hook lies outside /etc, root's, and what is executable is so for all", () => {
  const hook = contentOf(join(folder, "second/guestnet-hook_1.2.3-1_all.deb"));
  expect(hook).toContain("-rwxr-xr-x root/root ./usr/sbin/guestnet-hook");
  expect(hook).toContain("-rwxr-xr-x root/root ./usr/libexec/guestnet/register-hook");
  expect(hook.filter((line) => /^[^d].* \.\/etc\//.test(line))).toEqual([]);
  for (const unit of ["guestnet-apply.service", "guestnet-apply.path", "guestnet-autostart.service"])
    expect(hook).toContain(`-rw-r--r-- root/root ./usr/lib/systemd/system/${unit}`);
  const programs = contentOf(join(folder, "second/guestnet_1.2.3-1_all.deb"));
  expect(programs).toContain("lrwxrwxrwx root/root ./usr/bin/genxml -> ../share/guestnet/genxml.js");
  for (const path of [
    "man/man8/guestnet.8.gz",
    "bash-completion/completions/genxml",
    "guestnet/schema/",
    "guestnet/ansible/galaxy.yml",
  ])
    expect(programs.filter((line) => line.includes(`./usr/share/${path}`))).not.toEqual([]);
  expect(programs.filter((line) => line.endsWith("hooks/qemu"))).toEqual([]);
});

test("an engine that changes runs the self-test, and nothing of the package is a conffile", () => {
  const file = join(folder, "second/guestnet-hook_1.2.3-1_all.deb");
  dpkgDeb("--control", file, join(folder, "control"));
  const read = (name: string): string => readFileSync(join(folder, "control", name), "utf8");
  expect(read("control")).toContain("\nDepends: quickjs | nodejs (>= 18), iproute2, nftables\n");
  expect(read("triggers")).toBe("interest-noawait /usr/bin/qjs\ninterest-noawait /usr/bin/node\n");
  expect(() => read("conffiles")).toThrow("ENOENT");
  for (const script of ["postinst", "prerm", "postrm"])
    expect(runProgram("sh", ["-n", join(folder, "control", script)])).toMatchObject({ status: 0 });
});

test("the bill of materials names what is bundled, with the time of the release", () => {
  const { components, metadata } = JSON.parse(sbom(BUNDLED, RELEASE.epoch)) as {
    readonly metadata: { readonly timestamp: string };
    readonly components: readonly { readonly name: string; readonly version: string }[];
  };
  expect(metadata.timestamp).toBe("2023-11-14T22:13:20.000Z");
  expect(components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(
    BUNDLED.map(({ name, version }) => `${name}@${version}`).sort(),
  );
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(["commander", "xmlbuilder2"]));
});
