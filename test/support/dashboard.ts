/** A panel of a Grafana dashboard, as far as tests read it. */
interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

/** Returns the queries of a Grafana dashboard, in the order of its panels. */
export const queriesOf = (text: string): readonly string[] => {
  const { panels } = JSON.parse(text) as { readonly panels: readonly Panel[] };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
};
