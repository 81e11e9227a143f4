import { expect, test } from "@jest/globals";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidates, findNode } from "../../../src/commands/guestnet/install/find-node.ts";
import { deadline } from "../../../src/run/deadline.ts";
import { runUntil } from "../../../src/run/run-child.ts";
import { inFolder } from "../../support/guestnet.ts";

const run = runUntil(deadline(Date.now() + 60_000));

/** A program that says it is this version of Node.js. */
const fakeNode = (folder: string, name: string, version: string): string => {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && echo ${version}\nexit 0\n`);
  chmodSync(path, 0o755);
  return path;
};

test("takes the first that is new enough", () =>
  inFolder(async (folder) => {
    const old = fakeNode(folder, "old", "v16.20.2");
    const good = fakeNode(folder, "good", "v18.0.0");
    const found = await findNode(
      [join(folder, "none"), old, good, fakeNode(folder, "later", "v22.1.0")],
      false,
      run,
    );
    expect(found).toMatchObject({ kind: "found", path: good, version: "18.0.0" });
  }));

test("says of each why it will not do", () =>
  inFolder(async (folder) => {
    const old = fakeNode(folder, "old", "v16.20.2");
    const other = fakeNode(folder, "other", "hello");
    const blank = fakeNode(folder, "with blank", "v20.1.0");
    const plain = join(folder, "plain");
    writeFileSync(plain, "");
    expect(await findNode([join(folder, "none"), old, other, blank, plain], false, run)).toEqual({
      kind: "none",
      tried: [
        `${folder}/none: there is no such program`,
        `${old}: it is version 16.20.2, and the hook needs 18 or newer`,
        `${other}: it is no Node.js: hello`,
        `${blank}: its path has characters that the hook's shell head would have to quote`,
        `${plain}: there is no such program`,
      ],
    });
  }));

test("under AppArmor it is the path behind the links that counts", () =>
  inFolder(async (folder) => {
    const good = fakeNode(folder, "node", "v20.1.0");
    const link = join(folder, "link");
    symlinkSync(good, link);
    const found = await findNode([good, link], true, run);
    expect(found).toEqual({
      kind: "none",
      tried: [
        `${good}: AppArmor lets libvirt's daemon execute programs of /usr/bin, /bin and their sbin only`,
        `${link}: AppArmor lets libvirt's daemon execute programs of /usr/bin, /bin and their sbin only (it is ${good})`,
      ],
    });
    // What an image puts into /usr/bin passes: any program there will do to show it.
    expect(await findNode(["/usr/bin/true"], true, run)).toMatchObject({
      tried: [expect.stringMatching(/^\/usr\/bin\/true: it is no Node\.js: true/)],
    });
  }));

test("looks where the distribution puts it first, and only at absolute folders of the PATH", () => {
  expect(candidates("/usr/local/bin:.::/usr/bin", "/opt/node/bin/node")).toEqual([
    "/usr/bin/node",
    "/usr/bin/nodejs",
    "/usr/local/bin/node",
    "/opt/node/bin/node",
  ]);
});
