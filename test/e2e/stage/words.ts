import { readFileSync } from "node:fs";

interface Schema {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Keys that describe more than one device, or nothing of the domain; cases have their words. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "disks",
  "cdroms",
  "hostDevices",
  "interfaces",
  "cloudInit",
  "virtType",
]);

/** What a key needs beside it. */
const BESIDE: Readonly<Record<string, object>> = {
  "numa.mode": { nodes: "0" },
  "input.bus": { type: "tablet" },
  "serial.type=file": { path: "/run/serial.log" },
  "serial.type=unix": { path: "/run/serial.sock" },
  "serial.type=dev": { path: "/dev/ttyS0" },
  "serial.type=tcp": { port: 4555 },
  "cpu.model": {},
};
const PROFILES: Readonly<Record<string, object>> = {
  "machine=virt": { arch: "aarch64" },
  "hyperv=true": { os: "windows" },
};

/** The values of a key for which the schema has words. */
const valuesOf = (path: string, schema: Schema): readonly unknown[] => {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (inner.length > 0) return inner.flatMap((one) => valuesOf(path, one));
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return schema.enum;
  if (schema.type === "boolean") return [true, false];
  if (schema.items !== undefined) return valuesOf(path, schema.items).map((value) => [value]);
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    valuesOf(`${path}.${key}`, one).map((value) => ({
      ...(BESIDE[`${path}.${key}`] ?? BESIDE[`${path}.${key}=${String(value)}`]),
      [key]: value,
    })),
  );
};

/** Profiles with one word each: for every key of a guest as a whole, every value for which the JSON Schema has a word. */
export const profilesOfWords = (): readonly (readonly [word: string, profile: object])[] => {
  const schema = JSON.parse(readFileSync("schema/guest.schema.json", "utf8")) as Schema;
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    ELSEWHERE.has(key)
      ? []
      : valuesOf(key, one).map((value, at) => {
          const word = `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`;
          const name = `${key}-${String(at)}`;
          return [word, { name, memory: "64 MiB", ...PROFILES[word], [key]: value }] as const;
        }),
  );
};
