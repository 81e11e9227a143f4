import { messageOf } from "../values/error-text.ts";
import { nextJob } from "../values/in-job.ts";
import type { Operation } from "../hook/event.ts";
import { type BridgeNic, isBridged, isRouted, type LiveGuest } from "../guest/nic.ts";
import { evpnBridgesOf, isOnEvpn } from "../kernel/occasion.ts";
import { announce, ceaseAnnouncing } from "./announce.ts";
import { watchAgain, watchAnswers } from "./answers.ts";
import { comesAtStart, isComing, markerOf } from "./marker.ts";
import type { MovingHost } from "./moving-host.ts";
import { leavePromoter, promotionOf } from "./promote.ts";
import { leaveSettler, settlingOf } from "./settle.ts";
import { quoteWord } from "../values/shell-word.ts";

const portsOf = ({ nics }: LiveGuest): readonly BridgeNic[] => nics.filter(isBridged);

/** The routes of a guest that moves here, after `prepare` has made them. @returns what an operator should know */
export const awaitRoutes = async (domain: LiveGuest, host: MovingHost): Promise<readonly string[]> => {
  const promotion = promotionOf(domain);
  if (promotion === null) return [];
  try {
    await leavePromoter(domain, promotion, host);
    return [];
  } catch (error) {
    return [
      `its routes here stay on standby until "guestnet apply ${quoteWord(domain.name)}": ${messageOf(error)}`,
    ];
  }
};

/**
 * The ports of a guest that moves here, after `start` has made them: it will be announced when it runs, and its ports then become
 * those of any other guest.
 *
 * @returns what an operator should know: the guest moves all the same
 */
export const awaitPorts = async (domain: LiveGuest, host: MovingHost): Promise<readonly string[]> => {
  const { name, uuid, nics } = domain;
  const ports = portsOf(domain);
  const notes = await announce(ports, host);
  // Where routes are promoted, too, the marker goes with them.
  const marker = nics.some(isRouted) ? "" : markerOf(uuid);
  try {
    const evpn = evpnBridgesOf(ports, host);
    await leaveSettler(
      name,
      marker,
      settlingOf(ports, (nic) => isOnEvpn(nic, evpn)),
      host,
    );
    return notes;
  } catch (error) {
    return [
      ...notes,
      `its ports keep learning until "guestnet apply ${quoteWord(name)}": ${messageOf(error)}`,
    ];
  }
};

/** Takes away what was made to announce a guest that has gone before its ports were those of any other. */
export const forgetPorts = (domain: LiveGuest, host: MovingHost): Promise<void> =>
  ceaseAnnouncing(portsOf(domain), host);

/**
 * What an operation has to do besides: at the moment at which a guest that moves here begins to run, or at which a guest no longer
 * answers, libvirt calls no hook, so processes are left behind that see it.
 *
 * @returns what an operator should know, which is no reason to refuse the guest
 */
export const followMove = async (
  operation: Operation,
  domain: LiveGuest,
  host: MovingHost,
): Promise<readonly string[]> => {
  await nextJob();
  const marker = markerOf(domain.uuid);
  if (operation === "prepare") {
    const coming = isComing(domain, host);
    return [
      ...(coming ? await awaitRoutes(domain, host) : []),
      ...(await watchAnswers(domain, coming, host)),
    ];
  }
  if (operation === "reconnect") return watchAgain(domain, host);
  if (operation === "start" && comesAtStart(domain, host)) return awaitPorts(domain, host);
  if (operation === "release" && host.readFile(marker) !== null) {
    await forgetPorts(domain, host);
    host.removeFile(marker);
  }
  return [];
};
