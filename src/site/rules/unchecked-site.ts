import type { Issue } from "../../values/issue.ts";
import { isVlanName } from "../../guest/site.ts";
import type { Document } from "../../text/document.ts";
import { asObject, type JsonObject } from "../../values/json.ts";
import { type Placed } from "../../text/unchecked.ts";
import { parseRange, type VidRange } from "../../values/vid.ts";

// What the rules look at: the objects of the file as they were written, right or wrong.

/** Something that a file is checked for. */
export type SiteRule = (document: Document) => readonly Issue[];

/** An object under a key that is a person's choice, with that key. */
export interface NamedObject extends Placed<JsonObject> {
  readonly name: string;
}

/** Returns the objects that an object has under such keys. */
export const namedIn = (
  parent: JsonObject | null,
  key: string,
  path: Issue["path"] = [],
): readonly NamedObject[] =>
  Object.entries(asObject(parent?.[key]) ?? {}).flatMap(([name, written]) => {
    const value = asObject(written);
    return value === null ? [] : [{ name, value, path: [...path, key, name] }];
  });

const hostOf = ({ value }: Document): JsonObject => asObject(value) ?? {};

export const siteBonds = (document: Document): readonly NamedObject[] => namedIn(hostOf(document), "bonds");
export const siteBridges = (document: Document): readonly NamedObject[] =>
  namedIn(hostOf(document), "bridges");
export const siteInterfaces = (document: Document): readonly NamedObject[] =>
  namedIn(hostOf(document), "interfaces");
export const siteRouted = (document: Document): JsonObject => asObject(hostOf(document)["routed"]) ?? {};

/** The host's own networks on a bridge, by VLAN. */
export const networksOf = ({ value, path }: NamedObject): readonly NamedObject[] =>
  namedIn(value, "addresses", path);

/** The VXLAN of a bridge. */
export const bridgeVxlan = ({ value, path }: NamedObject): Placed<JsonObject> | null => {
  const vxlan = asObject(value["vxlan"]);
  return vxlan === null ? null : { value: vxlan, path: [...path, "vxlan"] };
};

/** Returns the VLANs that a key or value means on a bridge; null for an unknown name and for what is none. */
export const vlansOf = (written: unknown, { value: bridge }: NamedObject): VidRange | null => {
  if (typeof written === "string" && isVlanName(written)) {
    const vlan = asObject(bridge["vlans"])?.[written];
    const id = asObject(vlan)?.["id"] ?? vlan;
    return typeof id === "string" || typeof id === "number" ? parseRange(String(id)) : null;
  }
  return typeof written === "string" || typeof written === "number" ? parseRange(String(written)) : null;
};
