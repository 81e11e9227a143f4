import { execaSync } from "execa";
import { expect, test } from "@jest/globals";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidates, findEngine } from "../../../src/commands/guestnet/install/find-engine.ts";
import { filesHere } from "../../../src/commands/guestnet/system/files-here.ts";
import { deadline } from "../../../src/run/deadline.ts";
import { runUntil } from "../../../src/run/run-child.ts";
import { inFolder } from "../../support/guestnet.ts";
import { MAKE_WRONG_PATHS, MISSING, NO_TEXT } from "../../support/wrong-paths.ts";

const system = { run: runUntil(deadline(Date.now() + 60_000)), files: filesHere };

/** A program that says this when it is asked what it is. */
const fake = (folder: string, name: string, says: string): string => {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\ncase $1 in --version | --help) echo '${says}' ;; esac\n[ "$1" != --help ]\n`,
  );
  chmodSync(path, 0o755);
  return path;
};

test("takes the first that is new enough", () =>
  inFolder(async (folder) => {
    const old = fake(folder, "node16", "v16.20.2");
    const good = fake(folder, "node18", "v18.0.0");
    const paths = [join(folder, "none"), old, good, fake(folder, "node22", "v22.1.0")];
    expect(await findEngine(paths, system)).toMatchObject({
      kind: "found",
      path: good,
      name: "Node.js 18.0.0",
    });
  }));

test.each(["QuickJS version 2025-04-26", "QuickJS-ng version 0.11.0"])("knows %s", (says) =>
  inFolder(async (folder) => {
    const path = fake(folder, "qjs", says);
    expect(await findEngine([path], system)).toMatchObject({
      kind: "found",
      name: says.replace("version ", ""),
    });
  }),
);

test("says of each why it will not do", () =>
  inFolder(async (folder) => {
    const old = fake(folder, "node-old", "v16.20.2");
    const other = fake(folder, "node-other", "hello");
    const unknown = fake(folder, "qjs", "hello");
    const blank = fake(folder, "with blank", "v20.1.0");
    const plain = join(folder, "plain");
    writeFileSync(plain, "");
    expect(await findEngine([join(folder, "none"), old, other, unknown, blank, plain], system)).toEqual({
      kind: "none",
      tried: [
        `${folder}/none: it is not an executable file`,
        `${old}: it is version 16.20.2, and the hook needs 18 or newer`,
        `${other}: it is no Node.js: hello`,
        `${unknown}: it is no QuickJS: hello`,
        `${blank}: its path must begin with / and have only letters, digits and ._/+-`,
        `${plain}: it is not an executable file`,
      ],
    });
  }));

test.each([...MISSING, ...NO_TEXT])("the path %j is no engine", (path) =>
  inFolder(async (folder) => {
    execaSync("bash", ["-c", MAKE_WRONG_PATHS], { cwd: folder });
    const at = path.startsWith("/") ? path : join(folder, path);
    expect(await findEngine([at], system)).toEqual({
      kind: "none",
      tried: [`${at}: it is not an executable file`],
    });
  }),
);

test("looks for QuickJS first, where the distribution puts each, and only at absolute folders of the PATH", () => {
  expect(candidates("/usr/local/bin:.::/usr/bin", "/opt/node/bin/node")).toEqual([
    "/usr/bin/qjs",
    "/usr/local/bin/qjs",
    "/usr/bin/node",
    "/usr/bin/nodejs",
    "/usr/local/bin/node",
    "/opt/node/bin/node",
  ]);
});
