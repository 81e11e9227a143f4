import { genxml } from "../guest/generate.ts";

interface Files {
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** The files that the built `genxml host` writes for a host.json, by their paths. */
export const hostFiles = (format: string, host: object): ReadonlyMap<string, string> => {
  const ran = genxml(["host", "-", "--format", format, "--json"], JSON.stringify(host));
  if (ran.status !== 0) throw new Error(ran.stderr);
  return new Map((JSON.parse(ran.stdout) as Files).files.map(({ path, text }) => [path, text]));
};
