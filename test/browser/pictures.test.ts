import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { renderPage } from "../../src/report/page.ts";
import { fleet } from "../report/sample.ts";
import { type Browser, openBrowser } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "guestnet-pictures-"));
const page = join(folder, "index.html");
let browser: Browser;

beforeAll(async () => {
  writeFileSync(page, renderPage(fleet(3, 12)));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Width and height of an extended WebP file (RFC 9649, section 2.7). */
const sizeOf = (file: Buffer): readonly number[] => {
  expect(file.toString("latin1", 8, 16)).toBe("WEBPVP8X");
  return [file.readUIntLE(24, 3) + 1, file.readUIntLE(27, 3) + 1];
};

// Fonts differ between machines: GOLDEN=1 takes the pictures again, and only their size is compared.
test.each([
  ["report.webp", 1200, 1280, "light", ""],
  ["report-phone.webp", 390, 844, "dark", "#guests"],
])("docs/pictures/%s is of this page, and small", async (name, width, height, colours, at) => {
  const file = join("docs/pictures", name);
  await browser.send("Emulation.setDeviceMetricsOverride", {
    ...{ width, height, deviceScaleFactor: 1, mobile: width < 500 },
  });
  await browser.send("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: colours }],
  });
  await browser.open(pathToFileURL(page).href + at);
  const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality: 70 });
  const taken = Buffer.from(data as string, "base64");
  if (process.env["GOLDEN"] === "1") writeFileSync(file, taken);
  expect(sizeOf(readFileSync(file))).toEqual(sizeOf(taken));
  expect(readFileSync(file).length).toBeLessThan(150_000);
});
