import type { Fact, PortVlanFact } from "../facts/fact.ts";
import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import { expandRange, toVid } from "../../values/vid.ts";
import { asList, asNumber, asObject, asText } from "./json.ts";

/** Reads what `bridge -json vlan show dev PORT` prints. */
export const observePortVlans = (port: IfName, documents: readonly unknown[]): readonly PortVlanFact[] =>
  documents
    .flatMap((document) => asList(asObject(document)["vlans"]))
    .map(asObject)
    .flatMap((entry) => {
      const first = toVid(asNumber(entry["vlan"]) ?? 0);
      if (first === null) return [];
      const last = toVid(asNumber(entry["vlanEnd"]) ?? first) ?? first;
      const flags = asList(entry["flags"]);
      return expandRange({ first, last }).map((vid): PortVlanFact => ({
        kind: "port-vlan",
        port,
        vid,
        pvid: flags.includes("PVID"),
        untagged: flags.includes("Egress Untagged"),
      }));
    });

/** Reads what `bridge -json vlan show` prints of all ports, and of the bridges themselves. */
export const observeMembers = (documents: readonly unknown[]): readonly PortVlanFact[] =>
  documents.flatMap((document) =>
    observePortVlans((asText(asObject(document)["ifname"]) ?? "") as IfName, [document]),
  );

/** Reads the static entries of what `bridge -json fdb show dev PORT` prints. */
export const observeFdb = (port: IfName, documents: readonly unknown[]): readonly Fact[] =>
  documents.map(asObject).flatMap((entry): readonly Fact[] => {
    const vid = toVid(asNumber(entry["vlan"]) ?? 0);
    const mac = asText(entry["mac"]);
    const sticky = asList(entry["flags"]).includes("sticky");
    return entry["state"] === "static" && vid !== null && mac !== null
      ? [{ kind: "fdb", port, mac: mac as Mac, vid, sticky }]
      : [];
  });
