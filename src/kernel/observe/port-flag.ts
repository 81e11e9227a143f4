import type { PortFlag, PortFlagFact } from "../facts/fact.ts";
import type { IfName } from "../../values/names.ts";
import { asObject } from "./json.ts";

/** The flags of a bridge port that are ours to say. */
export const PORT_FLAGS: readonly PortFlag[] = ["isolated", "learning", "locked", "guard", "root_block"];

/** Reads what `bridge -details -json link show dev PORT` prints. A flag that this kernel does not know is off. */
export const observePortFlags = (port: IfName, documents: readonly unknown[]): readonly PortFlagFact[] =>
  documents
    .map(asObject)
    .flatMap((json) =>
      PORT_FLAGS.map((flag): PortFlagFact => ({ kind: "port-flag", port, flag, on: json[flag] === true })),
    );

/** The port, if it is one and the same answer says nothing of `locked`. */
export const toUnlockable = (port: IfName, documents: readonly unknown[]): readonly IfName[] =>
  documents.map(asObject).some((json) => "learning" in json && !("locked" in json)) ? [port] : [];
