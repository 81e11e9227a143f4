import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entryText, textEntry } from "../../../src/host-trial/durable-files.ts";
import { diskAt } from "../../../src/commands/guestnet/host/disk-at.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guestnet-disk-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const owned = (text: string, mode: number): ReturnType<typeof textEntry> => {
  const { uid, gid } = lstatSync(root);
  const entry = textEntry(text, mode);
  return entry.kind === "file" ? { ...entry, uid, gid } : entry;
};

test("an entry that is written is read with its permissions, and nothing else is there", () => {
  const disk = diskAt(root);
  expect(disk.makeDirectory("/a/b")).toEqual(["/a", "/a/b"]);
  expect(disk.makeDirectory("/a/b")).toEqual([]);
  disk.write("/a/b/c", owned("text", 0o640));
  disk.write("/a/b/c", owned("other", 0o755));
  const entry = disk.read("/a/b/c");
  expect([entryText(entry), entry]).toEqual(["other", expect.objectContaining({ mode: 0o755 })]);
  expect(readdirSync(join(root, "a/b"))).toEqual(["c"]);
  expect(disk.list("/a")).toEqual(["b"]);
});

test("a symbolic link is an entry of its own, whatever it points to", () => {
  const disk = diskAt(root);
  writeFileSync(join(root, "file"), "text");
  symlinkSync("file", join(root, "link"));
  const link = disk.read("/link");
  expect(link).toEqual({ kind: "link", target: "file" });
  if (link !== null) disk.write("/copy", link);
  expect(disk.read("/copy")).toEqual(link);
  disk.remove("/link");
  expect(entryText(disk.read("/file"))).toBe("text");
});

test("a move replaces what is there, and says whether there was anything to move", () => {
  const disk = diskAt(root);
  writeFileSync(join(root, "old"), "old");
  writeFileSync(join(root, "new"), "new");
  expect(disk.move("/new", "/old")).toBe(true);
  expect(entryText(disk.read("/old"))).toBe("new");
  expect(disk.move("/new", "/old")).toBe(false);
  expect(entryText(disk.read("/old"))).toBe("new");
});

test("what is missing is null or empty, and removed without an error", () => {
  const disk = diskAt(root);
  expect([disk.read("/no"), disk.read("/no/no"), disk.list("/no")]).toEqual([null, null, []]);
  disk.remove("/no/no");
});

test("what the file system refuses is thrown, and leaves nothing", () => {
  const disk = diskAt(root);
  writeFileSync(join(root, "file"), "");
  expect(() => {
    disk.write("/file/below", owned("text", 0o644));
  }).toThrow("not a directory");
  expect(() => {
    disk.write("/missing/below", owned("text", 0o644));
  }).toThrow(/ENOENT|does not exist/);
  expect(readdirSync(root)).toEqual(["file"]);
});
