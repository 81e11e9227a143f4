import { expect, test } from "@jest/globals";
import { writtenInterface } from "../../src/profile/schema/interface.ts";
import { writtenProfile } from "../../src/profile/schema/profile.ts";
import { readPage } from "./pages.ts";

const PROFILE = "docs/reference/profile.md";

test("the reference of profiles has every key of a profile", () => {
  const page = readPage(PROFILE);
  expect(
    Object.keys(writtenProfile.entries).filter((key) => key !== "$schema" && !page.includes(`\`${key}\``)),
  ).toEqual([]);
});

test("the reference of profiles has every key of every kind of interface", () => {
  const page = readPage(PROFILE);
  const keys = writtenInterface.options.flatMap((option) => Object.keys(option.entries));
  expect(keys.filter((key) => !page.includes(`\`${key}\``) && key !== "type")).toEqual([]);
});
