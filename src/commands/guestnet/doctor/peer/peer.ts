import { examinePeer } from "../../../../doctor/peer/examine-peer.ts";
import type { HostUri } from "../../../../run/host-uri.ts";
import { labelsOf, openHost } from "../../hosts/open-host.ts";
import { whileShowing } from "../../progress.ts";
import { openThisHost } from "../../this-host.ts";
import { report, type Reporting } from "../doctor.ts";
import { readPeer } from "./read-peer.ts";

export interface PeerOptions extends Reporting {
  readonly uri: string;
  readonly peer: HostUri;
  /** Seconds that the other host may take. */
  readonly timeout: number;
}

/**
 * `guestnet doctor --peer`: what the other host lacks for guests of this one.
 *
 * @param names guests that are to move, or none for all
 * @returns the exit code: 0, or 2 with an error; warnings do not count
 */
export const peerCommand = async (
  names: readonly string[],
  { uri, peer, timeout, ...how }: PeerOptions,
): Promise<0 | 2> => {
  const ms = timeout * 1000;
  const live = openThisHost("doctor", uri, ms);
  const open = await openHost("doctor", peer, ms);
  try {
    const [label = peer.text] = labelsOf([peer]);
    const readings = await whileShowing(process.stderr, `reading this host and ${label}`, () =>
      readPeer(names, live, open, label),
    );
    return report(examinePeer(readings), how);
  } finally {
    await open.close();
  }
};
