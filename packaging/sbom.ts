import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import type { Bundled } from "./bundled.ts";

/** What is read of npm's CycloneDX (https://cyclonedx.org/docs/1.5/json/); all else stays as npm writes it. */
interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const DEVELOPMENT = "cdx:npm:package:development";
/** A UUID (RFC 9562, version 8) of the content, where npm has a random one. */
const serialOf = (content: string): string => {
  const hex = createHash("sha256").update(content).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join("-")}`;
};

/** The bill of materials: the npm packages that are in the built files, and what depends on what among them. */
export const sbom = (bundled: readonly Bundled[], epoch: number): string => {
  const printed = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx"], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const all = JSON.parse(printed) as Bom;
  const shipped = new Set(bundled.map(({ name, version }) => `${name}@${version}`));
  const components = all.components
    .filter((component) => shipped.has(component["bom-ref"]))
    // Needed to build, and shipped all the same: inside the bundle.
    .map((one) => ({ ...one, properties: one.properties.filter(({ name }) => name !== DEVELOPMENT) }));
  if (components.length !== shipped.size) throw new Error("npm sbom lacks packages that are bundled");
  const own = all.metadata.component["bom-ref"];
  const refs = new Set([own, ...components.map((one) => one["bom-ref"])]);
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) }));
  const bom = {
    ...all,
    serialNumber: serialOf(JSON.stringify([own, components, dependencies])),
    metadata: {
      ...all.metadata,
      timestamp: new Date(epoch * 1000).toISOString(),
      // npm takes the name of the folder.
      component: { ...all.metadata.component, name: "guestnet" },
    },
    components,
    dependencies,
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
};
