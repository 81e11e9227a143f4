import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { renderPage } from "../../src/report/page.ts";
import { fleet } from "../report/sample.ts";
import { type Browser, openBrowser } from "./browser.ts";

describe("the page of guestnet report, with 50 hosts and 500 guests, in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-report-"));
  const file = join(folder, "index.html");
  const url = pathToFileURL(file).href;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(file, renderPage(fleet(50, 500)));
    browser = await openBrowser();
  });
  beforeEach(async () => {
    await see(1280);
    await browser.open(url);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const see = (width: number): Promise<unknown> =>
    browser.send("Emulation.setDeviceMetricsOverride", {
      ...{ width, height: 844, deviceScaleFactor: 1, mobile: width < 500 },
    });
  /** Types as a person does, into what has the focus. */
  const type = async (text: string): Promise<void> => {
    await browser.evaluate("document.querySelector('input').focus()");
    await browser.send("Input.insertText", { text });
  };
  /** Clicks on the first element of a selector as a person does. */
  const click = async (selector: string): Promise<void> => {
    const element = `document.querySelector(${JSON.stringify(selector)})`;
    const [x, y] = await browser.evaluate<readonly [number, number]>(
      `${element}.scrollIntoView({ block: "center" }); (({ x, y, width, height }) => [x + width / 2, y + height / 2])(${element}.getBoundingClientRect())`,
    );
    for (const kind of ["mousePressed", "mouseReleased"])
      await browser.send("Input.dispatchMouseEvent", { type: kind, x, y, button: "left", clickCount: 1 });
  };
  /** The cells of a column in the rows that are seen. */
  const column = (at: number): Promise<readonly string[]> =>
    browser.evaluate(
      `[...document.querySelectorAll("table.guests tbody tr")].filter((row) => row.offsetHeight > 0).map(({ cells }) => cells[${String(at)}].innerText)`,
    );
  const found = (): Promise<string> => browser.evaluate("document.querySelector('output').value");

  test("all guests are there, and nothing was loaded or refused", async () => {
    expect(await column(0)).toHaveLength(500);
    expect(await found()).toBe("500 of 500");
    const asked = browser.events.flatMap(({ method, params }) =>
      method === "Network.requestWillBeSent" ? [(params?.["request"] as { readonly url: string }).url] : [],
    );
    expect(asked.filter((one) => !one.startsWith("data:"))).toEqual([url]);
    // A style or script that the policy refuses is an entry of the log.
    expect(browser.events.filter(({ method }) => method === "Log.entryAdded")).toEqual([]);
    expect(browser.events.filter(({ method }) => method === "Runtime.exceptionThrown")).toEqual([]);
  });

  test("the styles of the page and of the pictures count", async () => {
    const styled = `[getComputedStyle(document.body).maxWidth, getComputedStyle(document.querySelector("svg .spine")).fill]`;
    expect(await browser.evaluate(styled)).toEqual(["1440px", "rgb(71, 85, 105)"]);
  });

  test.each([
    ["dns17", ["dns17"]],
    ["10.20.0.199", ["mail46"]],
    ["DRIFT kvm6", ["db2"]],
    ["nothing-like-that", []],
  ])("a search for %j shows the guests with all of its words", async (words, names) => {
    await type(words);
    expect(await column(0)).toEqual(names);
    expect(await found()).toBe(`${String(names.length)} of 500`);
  });

  test("a heading sorts by its column, and back", async () => {
    const heading = (at: number): string => `table.guests thead th:nth-child(${String(at)}) button`;
    await click(heading(1));
    const up = await column(0);
    expect([up.slice(0, 3), up.at(-1)]).toEqual([["db1", "db2", "db3"], "web125"]);
    expect(up.indexOf("db10")).toBe(9);
    await click(heading(1));
    expect(await column(0)).toEqual([...up].reverse());
    await click(heading(3));
    const states = await column(2);
    expect([...new Set(states)]).toEqual(["drift", "down", "ok"]);
    const sorted = `[...document.querySelectorAll("[aria-sort]")].map((one) => [one.innerText, one.ariaSort])`;
    expect(await browser.evaluate(sorted)).toEqual([[expect.stringContaining("State"), "ascending"]]);
  });

  test("a host's name leads to its picture, which is unfolded", async () => {
    await type("web1");
    await click("table.guests tbody tr:not([hidden]) a");
    const open = `[...document.querySelectorAll("#hosts details[open]")].map(({ id }) => id)`;
    expect(await browser.evaluate(open)).toEqual(["host-1"]);
    const seen = `document.querySelector("#host-1 svg").getBoundingClientRect().height`;
    expect(await browser.evaluate(seen)).toBeGreaterThan(100);
  });

  test.each([390, 320, 1280])(
    "nothing is wider than a screen of %i pixels, even with all unfolded",
    async (width) => {
      await see(width);
      await browser.open(url);
      await browser.evaluate(`document.querySelectorAll("details").forEach((one) => { one.open = true; })`);
      const widths =
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.documentElement)";
      expect(await browser.evaluate(widths)).toBe(0);
      const wide = `[...document.querySelectorAll("body *")].filter((one) => one.closest(".picture svg") === null && one.getBoundingClientRect().right > ${String(width)} + 1).map(({ outerHTML }) => outerHTML.slice(0, 100))`;
      expect(await browser.evaluate(wide)).toEqual([]);
    },
  );

  test("text has enough contrast, light and dark", async () => {
    // WCAG 2.2, 1.4.3: 4.5 to 1.
    const contrasts = `(() => {
      const parse = (text) => text.match(/[\\d.]+/g).map(Number);
      const light = (text) => {
        const [r, g, b] = parse(text).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const back = (one) => { const { backgroundColor } = getComputedStyle(one); return /, 0\\)$/.test(backgroundColor) ? back(one.parentElement) : backgroundColor; };
      return [...document.querySelectorAll("body *")].filter((one) => one.closest("svg, script") === null && one.offsetHeight > 0).map((one) => {
        const [a, b] = [light(getComputedStyle(one).color), light(back(one))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      });
    })()`;
    for (const value of ["light", "dark"]) {
      await browser.send("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value }],
      });
      const all = await browser.evaluate<readonly number[]>(contrasts);
      expect(all.length).toBeGreaterThan(1000);
      expect(Math.min(...all)).toBeGreaterThan(4.5);
    }
  });
});
