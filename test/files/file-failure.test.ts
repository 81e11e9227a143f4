import { expect, test } from "@jest/globals";
import { fileFailure } from "../../src/files/file-failure.ts";

test.each([
  ["EACCES", "my guests/a`id`.json", "ls -ld 'my guests' 'my guests/a`id`.json'"],
  ["ENOENT", "guests/dns1.json", "ls -l guests"],
  ["ENOTDIR", "my guest.json/a", "ls -l 'my guest.json'"],
])("%s at %s: the hint is a command in which the path is data", (code, path, hint) => {
  const error = Object.assign(new Error(`${code}: some reason, open`), { code });
  expect(fileFailure("read", path, error).hint).toBe(hint);
});
