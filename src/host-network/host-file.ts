/** A file of the host. */
export interface NetworkFile {
  /** Without a slash in front, so that it can be below any directory: `etc/systemd/network/10-br0.netdev`. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** A file that all users may read. */
export const plainFile = (path: string, text: string): NetworkFile => ({ path, text, mode: 0o644 });

/** A program. */
export const scriptFile = (path: string, text: string): NetworkFile => ({ path, text, mode: 0o755 });

/** A file that only root may read: NetworkManager ignores others, and netplan warns of them. */
export const privateFile = (path: string, text: string): NetworkFile => ({ path, text, mode: 0o600 });

/** Returns whether a file's text is of an earlier `genxml host`. */
export const isWritten = (text: string): boolean => text.split("\n", 2).includes(HEADER);

/** A section of an INI file: its name, and its lines. */
export type Section = readonly [name: string, lines: readonly string[]];

const HEADER = "# Written by genxml host from host.json.";

/** An INI file of systemd's or NetworkManager's. Sections without lines are omitted. */
export const renderIni = (...sections: readonly Section[]): string =>
  `${[HEADER, ...sections.flatMap(([name, lines]) => (lines.length === 0 ? [] : [`[${name}]\n${lines.join("\n")}`]))].join("\n\n")}\n`;

/** Lines of a file with comments in `#`. */
export const renderLines = (...lines: readonly string[]): string => `${[HEADER, ...lines].join("\n")}\n`;
