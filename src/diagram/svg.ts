import {
  type Box,
  type PictureTitle,
  type LaidCard,
  type LaidLegend,
  type LaidNetwork,
  type LaidSegment,
  layOut,
} from "./layout.ts";
import type { Network } from "./topology.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** The style of every picture. Other documents may contain it: its classes are those of the picture alone. */
export const SVG_STYLE = `
  svg { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 12px; fill: #1f2933; }
  .network { fill: #f8fafc; stroke: #cbd5e1; }
  .title { font-size: 17px; font-weight: bold; }
  .what, .nic { fill: #64748b; font-size: 11px; }
  .spine { fill: #475569; }
  .uplink { fill: #e2e8f0; stroke: #94a3b8; }
  .wire { stroke: #475569; stroke-width: 3; }
  .card { fill: #ffffff; stroke: #94a3b8; }
  .guest { font-weight: bold; }
  .wrong { fill: #fef2f2; stroke: #dc2626; stroke-width: 2; }
  .mark { fill: #dc2626; font-weight: bold; }
`;

/** A colour for each VLAN: neighbours in the list are far from each other on the colour wheel (the golden angle). */
const GOLDEN_ANGLE = 137.508;
/** The hues of VLANs: red, at 0 and 360, is for what is wrong alone. */
const HUES = { first: 40, last: 320 } as const;
const hueAt = (index: number): number =>
  Math.round(HUES.first + (((210 + index * GOLDEN_ANGLE) % 360) / 360) * (HUES.last - HUES.first));
type Colours = ReadonlyMap<number, number>;
const coloursOf = (networks: readonly Network[]): Colours => {
  const segments = networks.flatMap((one) => one.segments);
  const all = segments.flatMap(({ vid, ports }) => [vid ?? [], ports.flatMap((port) => port.vids)].flat());
  const vids = [...new Set(all)].sort((a, b) => a - b);
  return new Map(vids.map((vid, index) => [vid, hueAt(index)]));
};
const strong = (hue: number | undefined): string =>
  hue === undefined ? "#64748b" : `hsl(${String(hue)}, 62%, 42%)`;
const pale = (hue: number | undefined): string =>
  hue === undefined ? "#f1f5f9" : `hsl(${String(hue)}, 70%, 94%)`;

/** Roughly how wide a letter of 12 px is: what does not fit is cut, and the whole is in the tooltip. */
const LETTER = 7.4;
const cut = (text: string, width: number): string => {
  const letters = Math.floor(width / LETTER);
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
};

const rect = ({ x, y, width, height }: Box, radius: number, more: string): string =>
  `<rect x="${String(x)}" y="${String(y)}" width="${String(width)}" height="${String(height)}" rx="${String(radius)}" ${more}/>`;
const label = (x: number, y: number, text: string, more = ""): string =>
  `<text x="${String(x)}" y="${String(y)}"${more === "" ? "" : ` ${more}`}>${escaped(text)}</text>`;
const line = (x1: number, x2: number, y: number, more: string): string =>
  `<line x1="${String(x1)}" y1="${String(y)}" x2="${String(x2)}" y2="${String(y)}" ${more}/>`;

const MOST_DOTS = 6;

const card = ({ x, y, width, height, port, lines }: LaidCard, colours: Colours): string => {
  const wrong = port.wrong.length > 0;
  const whole = [port.guest, port.nic, ...port.lines, ...port.wrong].join("\n");
  const dots = port.vids.slice(0, MOST_DOTS).map((vid, index) => {
    const cx = x + width - 14 - (Math.min(port.vids.length, MOST_DOTS) - 1 - index) * 12;
    return `<circle cx="${String(cx)}" cy="${String(y + 16)}" r="4" fill="${strong(colours.get(vid))}"/>`;
  });
  const free = width - 24 - (wrong ? 16 : 0) - dots.length * 12;
  return [
    `<g><title>${escaped(whole)}</title>`,
    rect({ x, y, width, height }, 6, `class="card${wrong ? " wrong" : ""}"`),
    wrong ? label(x + 10, y + 20, "!", 'class="mark"') : "",
    label(x + (wrong ? 22 : 10), y + 20, cut(port.guest, free), 'class="guest"'),
    ...dots,
    ...lines.map((text, index) =>
      label(x + 10, y + 37 + index * 16, cut(text, width - 16), index === 0 ? 'class="nic"' : ""),
    ),
    "</g>",
  ]
    .filter((part) => part !== "")
    .join("");
};

const segment = (laid: LaidSegment, spine: Box, colours: Colours): string => {
  const { vid, label: name } = laid.segment;
  const hue = vid === null ? undefined : colours.get(vid);
  const middle = laid.y + 24;
  return [
    line(spine.x + spine.width, laid.x, middle, `stroke="${strong(hue)}" stroke-width="4"`),
    rect(laid, 8, `fill="${pale(hue)}" stroke="${strong(hue)}"`),
    label(laid.x + 12, middle + 4, cut(name, 84), `class="guest" fill="${strong(hue)}"`),
    ...laid.cards.map((one) => card(one, colours)),
  ].join("\n");
};

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? "" : "s"}`;

const network = (laid: LaidNetwork, colours: Colours): string => {
  const { name, what, segments } = laid.network;
  const ports = segments.flatMap((one) => one.ports);
  const wrong = ports.filter((port) => port.wrong.length > 0).length;
  const sum = `${what} · ${counted(ports.length, "NIC")}${wrong === 0 ? "" : ` · ${String(wrong)} drift or blocked`}`;
  return [
    rect(laid, 10, 'class="network"'),
    label(laid.x + 16, laid.y + 30, name, 'class="title"'),
    label(laid.segments[0]?.x ?? laid.x + 190, laid.y + 30, sum, 'class="what"'),
    rect(laid.spine, 4, 'class="spine"'),
    ...laid.uplinks.flatMap((uplink) => [
      line(uplink.x + uplink.width, laid.spine.x, uplink.y + uplink.height / 2, 'class="wire"'),
      rect(uplink, 14, 'class="uplink"'),
      label(
        uplink.x + uplink.width / 2,
        uplink.y + 18,
        cut(uplink.name, uplink.width),
        'text-anchor="middle"',
      ),
    ]),
    ...laid.segments.map((one) => segment(one, laid.spine, colours)),
  ].join("\n");
};

/** A sign of the legend: as it is drawn in the picture, but small. */
const sign = ({ entry, x, y }: LaidLegend): string => {
  const box = { x, y: y + 4, width: 26, height: 16 };
  switch (entry.sign) {
    case "uplink":
      return rect(box, 8, 'class="uplink"');
    case "vlan":
      return rect(box, 4, `fill="${pale(hueAt(0))}" stroke="${strong(hueAt(0))}"`);
    case "trunk":
      return [0, 1]
        .map(
          (index) =>
            `<circle cx="${String(x + 8 + index * 12)}" cy="${String(y + 12)}" r="4" fill="${strong(hueAt(index))}"/>`,
        )
        .join("");
    case "wrong":
      return rect(box, 4, 'class="card wrong"') + label(x + 11, y + 16, "!", 'class="mark"');
  }
};

const legendLine = (laid: LaidLegend): string =>
  `<g class="legend">${sign(laid)}${label(laid.x + 34, laid.y + 16, laid.entry.text)}</g>`;

/**
 * The picture: one text that needs nothing else, and always the same for the same networks.
 *
 * @param heading the host and the time, or null in a picture of profiles
 */
export const renderSvg = (networks: readonly Network[], heading: PictureTitle | null): string => {
  const laid = layOut(networks, heading);
  const size = `width="${String(laid.width)}" height="${String(laid.height)}"`;
  const colours = coloursOf(networks);
  const body = laid.networks.map((one) => network(one, colours));
  const top =
    heading === null
      ? []
      : [
          label(24, 36, heading.title, 'class="title"'),
          label(laid.width - 24, 36, heading.date, 'class="what" text-anchor="end"'),
        ];
  const none = networks.length === 0 ? [label(24, 72, "No guests to show.")] : [];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${String(laid.width)} ${String(laid.height)}" role="img">`,
    `<title>${escaped(heading === null ? "Guests and their networks" : `Guests of ${heading.title}, ${heading.date}`)}</title>`,
    `<style>${SVG_STYLE}</style>`,
    `<rect ${size} fill="#ffffff"/>`,
    ...top,
    ...body,
    ...laid.legend.map(legendLine),
    ...none,
    "</svg>",
  ].join("\n")}\n`;
};
