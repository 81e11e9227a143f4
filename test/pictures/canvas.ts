import { renderDocument } from "./document.ts";

/** What a shape stands for: its colour, in light and in dark. */
export type Tone = "plain" | "good" | "bad" | "amber" | "blue" | "teal" | "violet";
export type Point = readonly [x: number, y: number];
export type Face = "head" | "text" | "code" | "small";

export interface Line {
  readonly face: Face;
  readonly text: string;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const head = (text: string): Line => ({ face: "head", text });
export const text = (text: string): Line => ({ face: "text", text });
export const code = (text: string): Line => ({ face: "code", text });
export const small = (text: string): Line => ({ face: "small", text });

/** Height of a line, and the widest that a letter is, in units of the picture. */
const FACES: Readonly<Record<Face, { readonly height: number; readonly letter: number }>> = {
  head: { height: 20, letter: 8.3 },
  text: { height: 18, letter: 7.1 },
  code: { height: 18, letter: 7.85 },
  small: { height: 16, letter: 6.5 },
};

export const widthOf = ({ face, text }: Line): number => text.length * FACES[face].letter;
const heightOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { face }) => sum + FACES[face].height, 0);

export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const PADDING = 10;

/** A picture that grows by what is drawn on it, and refuses text that does not fit. */
export class Canvas {
  readonly #shapes: string[] = [];
  readonly #boxes: Rectangle[] = [];
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  /** A tinted region behind what is drawn later. */
  area({ x, y, width, height }: Rectangle, title: Line): void {
    this.#shapes.push(`<rect class="area" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`);
    this.write([x + 14, y + 24], title);
  }

  /** A box with its lines centred in it. */
  box(where: Rectangle, tone: Tone, ...lines: readonly Line[]): void {
    const { x, y, width, height } = where;
    const tooWide = lines.find((line) => widthOf(line) > width - PADDING);
    if (tooWide !== undefined || heightOf(lines) > height - PADDING / 2)
      throw new Error(`no room in ${width}x${height} for ${tooWide?.text ?? lines[0]?.text ?? ""}`);
    const met = this.#boxes.find(
      (box) => x < box.x + box.width && box.x < x + width && y < box.y + box.height && box.y < y + height,
    );
    if (met !== undefined) throw new Error(`the box at ${x},${y} overlaps the one at ${met.x},${met.y}`);
    if (x < 0 || y < 0 || x + width > this.width || y + height > this.height)
      throw new Error(`the box at ${x},${y} leaves the picture`);
    this.#boxes.push(where);
    this.#shapes.push(
      `<rect class="box ${tone}" x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/>`,
    );
    let bottom = y + (height - heightOf(lines)) / 2;
    for (const line of lines) {
      bottom += FACES[line.face].height;
      this.write([x + width / 2, bottom - 5], line, "middle");
    }
  }

  write([x, y]: Point, line: Line, anchor: "start" | "middle" | "end" = "start", tone: Tone = "plain"): void {
    const left = { start: x, middle: x - widthOf(line) / 2, end: x - widthOf(line) }[anchor];
    if (left < 0 || left + widthOf(line) > this.width)
      throw new Error(`the text leaves the picture: ${line.text}`);
    this.#shapes.push(
      `<text class="${line.face} ${tone}" x="${x}" y="${y}" text-anchor="${anchor}" xml:space="preserve">${escape(line.text)}</text>`,
    );
  }

  /** A line along the points; an arrow unless it is told to be plain. */
  path(points: readonly Point[], tone: Tone = "plain", style: "arrow" | "line" | "dashed" = "arrow"): void {
    const [start, ...rest] = points;
    if (start === undefined) return;
    const d = `M${start.join(" ")}${rest.map((point) => `L${point.join(" ")}`).join("")}`;
    const marker = style === "line" ? "" : ` marker-end="url(#${tone})"`;
    this.#shapes.push(`<path class="way ${tone}${style === "dashed" ? " dashed" : ""}" d="${d}"${marker}/>`);
  }

  /** A number in a circle, for a legend to refer to. */
  number([x, y]: Point, n: number, tone: Tone = "plain"): void {
    this.#shapes.push(
      `<circle class="number ${tone}" cx="${x}" cy="${y}" r="11"/>`,
      `<text class="digit" x="${x}" y="${y + 4.5}" text-anchor="middle">${n}</text>`,
    );
  }

  render(title: string): string {
    return renderDocument(this, title, this.#shapes);
  }
}
