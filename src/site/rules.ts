import { type Issue, renderPath } from "../values/issue.ts";
import { asRecord, type Placed, placedTexts } from "../text/as-written.ts";
import type { Document } from "../text/document.ts";

/** A device is a port of one bridge, and as such carries no addresses: it cannot route as well. */
export const checkUplinks = ({ value, issue }: Document): readonly Issue[] => {
  const host = asRecord(value) ?? {};
  const bridges = Object.entries(asRecord(host["bridges"]) ?? {}).flatMap(([name, bridge]) =>
    placedTexts(asRecord(bridge) ?? {}, "uplinks", ["bridges", name]),
  );
  const routed = placedTexts(asRecord(host["routed"]) ?? {}, "uplinks", ["routed"]);
  const first = new Map<string, Issue["path"]>();
  return [...bridges, ...routed].flatMap((uplink: Placed<string>): readonly Issue[] => {
    const before = first.get(uplink.value);
    if (before === undefined) {
      first.set(uplink.value, uplink.path);
      return [];
    }
    const message = `the device ${uplink.value} is already an uplink at ${renderPath(before)}; use it once`;
    return [issue("duplicate", uplink.path, message)];
  });
};
