import { type BridgeNic, isRouted, type LiveDomain } from "../guest/nic.ts";
import type { Host } from "../kernel/host.ts";
import type { Settler } from "./settler.ts";
import { announce, ceaseAnnouncing } from "./announce.ts";
import { settlingOf } from "./settle.ts";

const portsOf = ({ nics }: LiveDomain): readonly BridgeNic[] =>
  nics.flatMap((nic) => (isRouted(nic) ? [] : [nic]));

/**
 * The ports of a guest that moves here, after `start` has made them: it will be announced when it runs, and its ports then become
 * those of any other guest.
 *
 * @param marker a file to remove once nothing is left to do, or "" where somebody else does
 * @param leave leaves somebody behind who sees it run, for at that moment libvirt calls no hook; rejects where that fails
 * @returns what an operator should know: the guest moves all the same
 */
export const awaitPorts = async (
  domain: LiveDomain,
  host: Host,
  marker: string,
  leave: (settler: Settler) => Promise<unknown>,
): Promise<readonly string[]> => {
  const { name: guest } = domain;
  const ports = portsOf(domain);
  const notes = await announce(ports, host);
  try {
    await leave({ guest, marker, ...settlingOf(ports) });
    return notes;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [...notes, `its ports go on learning until "guestnet apply ${guest}": ${why}`];
  }
};

/** Takes away what was made to announce a guest that has gone before its ports were those of any other. */
export const forgetPorts = (domain: LiveDomain, host: Host): Promise<void> =>
  ceaseAnnouncing(portsOf(domain), host);
