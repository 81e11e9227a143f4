interface Colours {
  readonly paper: string;
  readonly area: string;
  readonly ink: string;
  readonly faint: string;
  readonly card: string;
  readonly edge: string;
  /** For each tone a line's colour and a box's fill. */
  readonly tones: Readonly<Record<string, readonly [line: string, fill: string]>>;
}

const LIGHT: Colours = {
  paper: "#f8fafc",
  area: "#eef2f7",
  ink: "#0f172a",
  faint: "#475569",
  card: "#ffffff",
  edge: "#94a3b8",
  tones: {
    plain: ["#64748b", "#ffffff"],
    good: ["#047857", "#ecfdf5"],
    bad: ["#b91c1c", "#fef2f2"],
    amber: ["#b45309", "#fffbeb"],
    blue: ["#1d4ed8", "#eff6ff"],
    teal: ["#0f766e", "#f0fdfa"],
    violet: ["#6d28d9", "#f5f3ff"],
  },
};

const DARK: Colours = {
  paper: "#0d1117",
  area: "#161b22",
  ink: "#e6edf3",
  faint: "#9da7b3",
  card: "#1c2430",
  edge: "#4b5563",
  tones: {
    plain: ["#8b98a8", "#1c2430"],
    good: ["#34d399", "#0b2a20"],
    bad: ["#f87171", "#331517"],
    amber: ["#fbbf24", "#2d230b"],
    blue: ["#60a5fa", "#0f2140"],
    teal: ["#2dd4bf", "#0b2926"],
    violet: ["#a78bfa", "#211a3d"],
  },
};

const rules = ({ paper, area, ink, faint, edge, tones }: Colours): string =>
  [
    `.paper{fill:${paper}}.area{fill:${area}}`,
    `.head,.code{fill:${ink}}.text,.small{fill:${faint}}.digit{fill:${paper}}.box.plain{stroke:${edge}}`,
    ...Object.entries(tones).flatMap(([tone, [line, fill]]) => [
      `.box.${tone}{fill:${fill}}`,
      ...(tone === "plain" ? [] : [`.box.${tone}{stroke:${line}}text.${tone}{fill:${line}}`]),
      `.way.${tone}{stroke:${line}}.tip.${tone},.number.${tone}{fill:${line}}`,
    ]),
  ].join("\n");

const SHAPES = [
  "text{font-family:system-ui,'Segoe UI','DejaVu Sans',sans-serif}",
  ".head{font-size:14px;font-weight:600}.text{font-size:13px}.small{font-size:12px}",
  ".code{font-size:13px;font-family:ui-monospace,'DejaVu Sans Mono',monospace}",
  ".digit{font-size:13px;font-weight:700}.box{stroke-width:1.4}",
  ".way{fill:none;stroke-width:2}.dashed{stroke-dasharray:5 4}",
].join("\n");

const tip = (tone: string): string =>
  `<marker id="${tone}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip ${tone}" d="M0 0 8 4 0 8z"/></marker>`;

/** Returns an SVG that follows the reader's light or dark colour scheme and loads nothing. */
export const renderDocument = (
  { width, height }: { readonly width: number; readonly height: number },
  title: string,
  shapes: readonly string[],
): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${title}</title>`,
    `<style>\n${SHAPES}\n${rules(LIGHT)}\n@media (prefers-color-scheme: dark){\n${rules(DARK)}\n}\n</style>`,
    `<defs>${Object.keys(LIGHT.tones).map(tip).join("")}</defs>`,
    `<rect class="paper" width="${width}" height="${height}" rx="12"/>`,
    ...shapes,
    "</svg>\n",
  ].join("\n");
