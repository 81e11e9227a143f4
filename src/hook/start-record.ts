import { isRouted, type LiveGuest } from "../guest/nic.ts";
import type { Operation } from "../kernel/desired/operation.ts";
import type { MovingHost } from "../move/moving-host.ts";

/** The result of a guest's start: permitted or refused by the hook. */
export type StartRecord = { readonly kind: "started" } | { readonly kind: "refused"; readonly why: string };

/** One file for each guest that the hook was called for since the host started, named by its UUID. A boot empties /run. */
export const STARTS = "/run/guestnet/starts";

const REFUSED = "refused ";

/**
 * An empty file, of a start while /run was full, counts as started: a guest that was stopped since then stays so.
 *
 * @param text contents of such a file; null without one
 */
export const parseStartRecord = (text: string | null): StartRecord | null => {
  if (text === null) return null;
  return text.startsWith(REFUSED)
    ? { kind: "refused", why: text.slice(REFUSED.length).trim() }
    : { kind: "started" };
};

/**
 * Records whether a guest may start. libvirt starts an autostart guest once, when the host does: this is how `guestnet autostart`
 * tells those that have never run from those that were stopped.
 *
 * @param wrong why it was refused; empty when it was not
 */
export const recordStart = (
  operation: Operation,
  { uuid, nics }: LiveGuest,
  wrong: readonly string[],
  host: Pick<MovingHost, "writeFile">,
): void => {
  if (operation === "release") return;
  const refused = wrong.length > 0 && operation !== "reconnect";
  // The ports of bridge NICs are still to be made, by libvirt, and `start` is still to come.
  if (operation === "prepare" && !refused && !nics.every(isRouted)) return;
  const text = refused ? `${REFUSED}${wrong.join("; ").replaceAll(/\s*\n\s*/g, "; ")}` : "started";
  try {
    host.writeFile(`${STARTS}/${uuid}`, `${text}\n`);
  } catch {
    // A full /run neither refuses a guest nor hides why it was refused.
  }
};
