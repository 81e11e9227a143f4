import { describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { parseXml } from "../../src/xml/parse.ts";
import { hostAddress } from "./host-address.ts";
import { hostSides } from "./host-sides.ts";
import { migrationTimeline } from "./migration-timeline.ts";
import { routedPath } from "./routed-path.ts";
import { spoofedFrames } from "./spoofed-frames.ts";
import { start } from "./start.ts";
import { statusText, terminal } from "./terminal.ts";
import { topologies } from "./topologies.ts";
import { vxlan } from "./vxlan.ts";

const PICTURES: readonly (readonly [name: string, draw: () => string | Promise<string>])[] = [
  ["host-address", hostAddress],
  ["host-sides", hostSides],
  ["migration-timeline", migrationTimeline],
  ["routed-path", routedPath],
  ["spoofed-frames", spoofedFrames],
  ["start", start],
  ["terminal", terminal],
  ["topologies", topologies],
  ["vxlan", vxlan],
];

describe.each(PICTURES)("docs/pictures/%s.svg", (name, draw) => {
  const file = `docs/pictures/${name}.svg`;

  test("is what its script draws", async () => {
    const svg = await draw();
    if (process.env["GOLDEN"] === "1") writeFileSync(file, svg);
    expect(readFileSync(file, "utf8")).toBe(svg);
  });

  test("is well-formed, follows the colour scheme, and loads nothing", () => {
    const svg = readFileSync(file, "utf8");
    expect(parseXml(svg)?.name).toBe("svg");
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).not.toMatch(/href|<script|url\((?!#)|@import|<image|onload/);
  });
});

test("README shows what guestnet status prints", async () => {
  const readme = readFileSync("README.md", "utf8");
  const current = readme.replace(/(^```text\n)# guestnet status\n[^]*?(^```$)/m, `$1${await statusText()}$2`);
  if (process.env["GOLDEN"] === "1") writeFileSync("README.md", current);
  expect(readme).toBe(current);
});
