import { describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Box, layOut } from "../../src/diagram/layout.ts";
import { renderSvg } from "../../src/diagram/svg.ts";
import { toNetworks } from "../../src/diagram/topology.ts";
import { toVid } from "../../src/values/vid.ts";
import { parseXml } from "../../src/xml/parse.ts";
import { genxmlIn } from "../support/genxml.ts";
import { HEADING, ports, sample, uplinks } from "./sample.ts";

const PICTURE = "docs/pictures/diagram.svg";

test("the picture in the docs is what is drawn now", () => {
  const svg = renderSvg(sample(), HEADING);
  if (process.env["GOLDEN"] === "1") writeFileSync(PICTURE, svg);
  expect(readFileSync(PICTURE, "utf8")).toBe(svg);
});

test("it is the same, in whatever order the guests come", () => {
  const shuffled = [...ports]
    .sort((a, b) => ((a.nic.length * 7919) % 13) - ((b.nic.length * 7919) % 13))
    .reverse();
  expect(renderSvg(toNetworks(shuffled, uplinks), HEADING)).toBe(renderSvg(sample(), HEADING));
});

test("it is one well-formed document that loads nothing and runs nothing", () => {
  const svg = renderSvg(sample(), HEADING);
  expect(parseXml(svg)?.name).toBe("svg");
  expect(svg).not.toMatch(/href|<script|url\(|@import|<image|onload/);
});

test("every NIC has a card in it, with all that is wrong", () => {
  const svg = renderSvg(sample(), HEADING);
  for (const { guest, nic } of ports) expect(svg).toContain(`<title>${[guest, nic].join("\n")}`);
  for (const line of ports.flatMap(({ wrong }) => wrong)) expect(svg).toContain(line);
  expect(svg.match(/^<g><title>.*class="card wrong"/gms)).not.toBeNull();
  expect(svg.match(/class="card wrong"/g)).toHaveLength(2 + 1);
});

const inside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe("the layout", () => {
  const { width, height, networks, legend } = layOut(sample(), HEADING);
  const cards = networks.flatMap(({ segments }) => segments.flatMap((segment) => segment.cards));

  test("has everything inside of what it belongs to", () => {
    for (const network of networks) {
      expect(inside(network, { x: 0, y: 0, width, height })).toBe(true);
      expect(legend.filter((entry) => !apart(entry, network))).toEqual([]);
      for (const part of [network.spine, ...network.uplinks, ...network.segments])
        expect(inside(part, network)).toBe(true);
      for (const segment of network.segments) {
        expect(segment.cards.filter((card) => !inside(card, segment))).toEqual([]);
      }
    }
  });

  test("has nothing on top of anything else", () => {
    for (const [index, card] of cards.entries()) {
      expect(cards.slice(index + 1).filter((other) => !apart(card, other))).toEqual([]);
    }
    for (const [index, one] of networks.entries()) {
      expect(networks.slice(index + 1).filter((other) => !apart(one, other))).toEqual([]);
    }
  });

  test("has room for the lines of each card", () => {
    expect(cards.filter((card) => 28 + card.lines.length * 16 > card.height)).toEqual([]);
  });
});

test("names are text, whatever is in them", () => {
  const [first] = ports;
  if (first === undefined) throw new Error("no port");
  const svg = renderSvg(toNetworks([{ ...first, guest: `<b a="1">&` }], new Map()), null);
  expect(svg).toContain("&lt;b a=&quot;1&quot;&gt;&amp;");
  expect(parseXml(svg)).not.toBeNull();
});

const access = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const [first] = ports;
    if (first?.attachment.kind !== "access") throw new Error("the first port is an access port");
    const vlan = toVid(index + 1);
    if (vlan === null) throw new Error("it is a VLAN ID");
    return { ...first, guest: `g${index}`, attachment: { ...first.attachment, vlan } };
  });

test("no VLAN has the red of what is wrong", () => {
  const svg = renderSvg(toNetworks(access(200), new Map()), null);
  const hues = [...svg.matchAll(/hsl\((\d+),/g)].map(([, hue]) => Number(hue));
  expect(new Set(hues).size).toBeGreaterThan(100);
  expect(hues.filter((hue) => hue < 30 || hue > 330)).toEqual([]);
});

test("a picture of few guests is narrow", () => {
  const widthFor = (count: number) =>
    layOut(toNetworks(ports.filter(({ nic }) => /^web\d-0$/.test(nic)).slice(0, count), uplinks), HEADING)
      .width;
  expect(widthFor(1)).toBeLessThan(widthFor(2));
  expect(widthFor(1)).toBeLessThan(600);
  expect(widthFor(9)).toBe(layOut(sample(), HEADING).width);
});

test("the picture of a host has its name, the time, and a legend of its signs", () => {
  const svg = renderSvg(sample(), HEADING);
  for (const text of ["kvm1", "2026-11-27 12:00 UTC", "uplink", "VLAN, in its colour", "VLANs of a trunk"])
    expect(svg).toContain(`>${text}</text>`);
  expect(svg).toContain(">drift or blocked</text>");
  const oneGood = renderSvg(toNetworks(access(1), new Map()), HEADING);
  expect(oneGood.match(/class="legend"/g)).toHaveLength(2);
  expect(renderSvg(toNetworks(access(1), new Map()), null)).not.toContain("drift or blocked");
});

test("without guests it says so", () => {
  expect(renderSvg([], HEADING)).toContain("No guests to show.");
});

describe("genxml diagram", () => {
  const nic = '"memory": "1 GiB", "interfaces": [{ "type": "bridge", "bridge": "br0", "vlan": "servers" }]';

  test("draws folders of profiles with the uplinks of host.json", () => {
    const genxml = genxmlIn();
    genxml.write(
      "g/host.json",
      '{ "bridges": { "br0": { "uplinks": ["enp7s0"], "vlans": { "servers": 20 } } } }',
    );
    genxml.write("g/a.json", `{ "name": "alpha", ${nic} }`);
    const ran = genxml.run(["diagram", "g"]);
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
    for (const text of ["alpha", "VLAN 20", "enp7s0"]) expect(ran.stdout).toContain(`>${text}<`);
    expect(genxml.run(["diagram", "g", "-o", "out.svg"])).toMatchObject({ status: 0, stdout: "" });
    expect(readFileSync(join(genxml.folder, "out.svg"), "utf8")).toBe(ran.stdout);
    genxml.remove();
  });

  test("draws the good ones and reports the bad", () => {
    const genxml = genxmlIn();
    genxml.write("g/a.json", '{ "name": "alpha", "memory": "1 GiB", "interfaces": [] }');
    genxml.write("g/b.json", `{ "name": "beta", ${nic} }`);
    const ran = genxml.run(["diagram", "g"]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/^g\/b\.json:1:\d+: error: .*\[vlan-name\]\n$/);
    expect(ran.stdout).toContain("</svg>");
    genxml.remove();
  });
});
