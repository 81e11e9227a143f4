import { type LegendEntry, legendOf } from "./legend.ts";
import type { Network, PlacedPort, DiagramSegment } from "./topology.ts";

/** A rectangle in the picture, in pixels from its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LaidCard extends Box {
  readonly port: PlacedPort;
  /** The part of its lines that fits. */
  readonly lines: readonly string[];
}

export interface LaidSegment extends Box {
  readonly segment: DiagramSegment;
  readonly cards: readonly LaidCard[];
}

export interface LaidNetwork extends Box {
  readonly network: Network;
  readonly uplinks: readonly (Box & { readonly name: string })[];
  /** The bar that everything of the network hangs off. */
  readonly spine: Box;
  readonly segments: readonly LaidSegment[];
}

export interface LaidLegend extends Box {
  readonly entry: LegendEntry;
}

/** The title of a host's picture. */
export interface PictureTitle {
  readonly title: string;
  /** Time of the observation. */
  readonly date: string;
}

export interface Laid {
  readonly width: number;
  readonly height: number;
  readonly legend: readonly LaidLegend[];
  readonly networks: readonly LaidNetwork[];
}

const MARGIN = 24;
const HEAD = 48;
const UPLINK = { width: 112, height: 28, gap: 8 } as const;
const SPINE = { x: MARGIN + 152, width: 10 } as const;
const SEGMENT = { x: SPINE.x + 38, label: 96, pad: 10, gap: 10 } as const;
const CARD = { width: 196, gap: 8, head: 28, line: 16 } as const;
const MOST_COLUMNS = 4;
const MOST_LINES = 4;
const LEGEND = { width: 176, height: 24 } as const;
/** The height of {@link PictureTitle}. */
const HEADING = 32;

/** As many as the fullest segment has cards: a picture of few guests is a narrow one. */
const columnsOf = (networks: readonly Network[]): number =>
  Math.min(
    MOST_COLUMNS,
    Math.max(1, ...networks.flatMap(({ segments }) => segments.map(({ ports }) => ports.length))),
  );
const segmentWidth = (columns: number): number =>
  SEGMENT.label + columns * (CARD.width + CARD.gap) + SEGMENT.pad;
const widthOf = (columns: number): number => SEGMENT.x + segmentWidth(columns) + MARGIN + 16;

/** The first lines, and how many there are more. */
const shorten = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `and ${String(lines.length - MOST_LINES + 1)} more`];

const layCards = (
  ports: readonly PlacedPort[],
  columns: number,
  x: number,
  top: number,
): readonly LaidCard[] => {
  const cards: LaidCard[] = [];
  let y = top;
  for (let start = 0; start < ports.length; start += columns) {
    const row = ports
      .slice(start, start + columns)
      .map((port) => ({ port, lines: [port.nic, ...shorten(port.lines)] }));
    const height = CARD.head + CARD.line * Math.max(...row.map(({ lines }) => lines.length));
    for (const [column, card] of row.entries()) {
      cards.push({ ...card, x: x + column * (CARD.width + CARD.gap), y, width: CARD.width, height });
    }
    y += height + CARD.gap;
  }
  return cards;
};

const bottomOf = (boxes: readonly Box[], otherwise: number): number =>
  Math.max(otherwise, ...boxes.map(({ y, height }) => y + height));

const laySegments = (
  segments: readonly DiagramSegment[],
  columns: number,
  top: number,
): readonly LaidSegment[] => {
  const laid: LaidSegment[] = [];
  let y = top;
  for (const segment of segments) {
    const cards = layCards(segment.ports, columns, SEGMENT.x + SEGMENT.label, y + SEGMENT.pad);
    const height = bottomOf(cards, y) - y + SEGMENT.pad;
    laid.push({ segment, cards, x: SEGMENT.x, y, width: segmentWidth(columns), height });
    y += height + SEGMENT.gap;
  }
  return laid;
};

const layNetwork = (network: Network, columns: number, y: number): LaidNetwork => {
  const top = y + HEAD;
  const segments = laySegments(network.segments, columns, top);
  const uplinks = network.uplinks.map((name, index) => ({
    name,
    x: MARGIN + 16,
    y: top + index * (UPLINK.height + UPLINK.gap),
    width: UPLINK.width,
    height: UPLINK.height,
  }));
  const bottom = bottomOf([...segments, ...uplinks], top + UPLINK.height);
  return {
    network,
    uplinks,
    segments,
    spine: { x: SPINE.x, y: top, width: SPINE.width, height: bottom - top },
    x: MARGIN,
    y,
    width: widthOf(columns) - 2 * MARGIN,
    height: bottom - y + 16,
  };
};

const layLegend = (entries: readonly LegendEntry[], width: number, top: number): readonly LaidLegend[] => {
  const inRow = Math.max(1, Math.floor((width - 2 * MARGIN) / LEGEND.width));
  return entries.map((entry, index) => ({
    entry,
    x: MARGIN + (index % inRow) * LEGEND.width,
    y: top + Math.floor(index / inRow) * LEGEND.height,
    width: LEGEND.width,
    height: LEGEND.height,
  }));
};

/** Places networks below each other, each as high as its contents, and the legend below them. */
export const layOut = (networks: readonly Network[], heading: PictureTitle | null): Laid => {
  const columns = columnsOf(networks);
  const width = widthOf(columns);
  const laid: LaidNetwork[] = [];
  let y = MARGIN + (heading === null ? 0 : HEADING);
  for (const network of networks) {
    const one = layNetwork(network, columns, y);
    laid.push(one);
    y += one.height + MARGIN;
  }
  const legend = layLegend(legendOf(networks, heading !== null), width, y);
  const height = legend.length === 0 ? y : bottomOf(legend, y) + MARGIN;
  return { width, height: Math.max(height, 96), networks: laid, legend };
};
