import type { Network, Placed, Segment } from "./topology.ts";

/** A rectangle in the picture, in pixels from its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LaidCard extends Box {
  readonly port: Placed;
  /** What fits of its lines. */
  readonly lines: readonly string[];
}

export interface LaidSegment extends Box {
  readonly segment: Segment;
  readonly cards: readonly LaidCard[];
}

export interface LaidNetwork extends Box {
  readonly network: Network;
  readonly uplinks: readonly (Box & { readonly name: string })[];
  /** The bar that everything of the network hangs off. */
  readonly spine: Box;
  readonly segments: readonly LaidSegment[];
}

export interface Laid {
  readonly width: number;
  readonly height: number;
  readonly networks: readonly LaidNetwork[];
}

const MARGIN = 24;
const HEAD = 48;
const UPLINK = { width: 112, height: 28, gap: 8 } as const;
const SPINE = { x: MARGIN + 152, width: 10 } as const;
const SEGMENT = { x: SPINE.x + 38, label: 96, pad: 10, gap: 10 } as const;
const CARD = { width: 196, gap: 8, head: 28, line: 16 } as const;
const COLUMNS = 4;
const MOST_LINES = 4;

const SEGMENT_WIDTH = SEGMENT.label + COLUMNS * (CARD.width + CARD.gap) + SEGMENT.pad;
export const WIDTH = SEGMENT.x + SEGMENT_WIDTH + MARGIN + 16;

/** The first lines, and how many there are more. */
const shorten = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `and ${String(lines.length - MOST_LINES + 1)} more`];

const layCards = (ports: readonly Placed[], x: number, top: number): readonly LaidCard[] => {
  const cards: LaidCard[] = [];
  let y = top;
  for (let start = 0; start < ports.length; start += COLUMNS) {
    const row = ports
      .slice(start, start + COLUMNS)
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

const laySegments = (segments: readonly Segment[], top: number): readonly LaidSegment[] => {
  const laid: LaidSegment[] = [];
  let y = top;
  for (const segment of segments) {
    const cards = layCards(segment.ports, SEGMENT.x + SEGMENT.label, y + SEGMENT.pad);
    const height = bottomOf(cards, y) - y + SEGMENT.pad;
    laid.push({ segment, cards, x: SEGMENT.x, y, width: SEGMENT_WIDTH, height });
    y += height + SEGMENT.gap;
  }
  return laid;
};

const layNetwork = (network: Network, y: number): LaidNetwork => {
  const top = y + HEAD;
  const segments = laySegments(network.segments, top);
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
    width: WIDTH - 2 * MARGIN,
    height: bottom - y + 16,
  };
};

/** Where everything is: networks below each other, each as high as what is in it. */
export const layOut = (networks: readonly Network[]): Laid => {
  const laid: LaidNetwork[] = [];
  let y = MARGIN;
  for (const network of networks) {
    const one = layNetwork(network, y);
    laid.push(one);
    y += one.height + MARGIN;
  }
  return { width: WIDTH, height: Math.max(y, 96), networks: laid };
};
