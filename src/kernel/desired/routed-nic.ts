import type { Arrival } from "../../move/arrival.ts";
import type { Desired } from "../facts/desired.ts";
import type { RoutedNic } from "../../guest/nic.ts";
import type { Uuid } from "../../values/names.ts";
import { desiredNeighProxies } from "./neigh-proxies.ts";
import { desiredRoutedTap } from "./routed-tap.ts";
import { together } from "./together.ts";

/** The host's answers on its uplinks. While the guest is coming, the other host gives them. */
const desiredAnswers = (nic: RoutedNic, arrival: Arrival): Desired => {
  const desired = desiredNeighProxies(nic);
  return arrival === "coming" ? { ...desired, facts: [] } : desired;
};

/** All that a routed NIC needs of the host, wherever its guest is on its way here. */
export const desiredRoutedNic = (nic: RoutedNic, guest: Uuid, arrival: Arrival): Desired =>
  together([desiredRoutedTap(nic, guest, arrival), desiredAnswers(nic, arrival)]);
