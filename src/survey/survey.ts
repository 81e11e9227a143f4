import { routedArrivalAt } from "../move/answers.ts";
import { arrivalOf, portArrivalAt } from "../move/marker.ts";
import { desiredAt } from "../kernel/desired/desired-at.ts";
import { parseDomain } from "../libvirt/domain/parse-domain.ts";
import { parseXml } from "../xml/parse.ts";
import { child, textOf } from "../xml/tree.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import { isBridged, type LiveDomain, type Nic } from "../guest/nic.ts";
import { evpnBridgesOf, occasionOf } from "../kernel/occasion.ts";
import type { AskedHost } from "../kernel/observe/observe.ts";
import { compare, type NicState } from "./compare.ts";

/** A NIC of a running guest, what should hold for it, and what does. */
export interface SurveyedNic {
  readonly nic: Nic;
  readonly desired: Desired;
  readonly state: NicState;
}

/** A running guest with guestnet metadata. */
export type SurveyedGuest =
  | {
      readonly kind: "read";
      readonly name: string;
      readonly domain: LiveDomain;
      readonly nics: readonly SurveyedNic[];
    }
  /** Its metadata makes no sense to this version. */
  | { readonly kind: "invalid"; readonly name: string; readonly reasons: readonly string[] };

export interface Survey {
  readonly guests: readonly SurveyedGuest[];
  /** Running guests without guestnet metadata. */
  readonly others: readonly string[];
}

/** A domain as far as it could be read, before the host is observed. */
export type ReadDomain =
  | { readonly kind: "read"; readonly name: string; readonly domain: LiveDomain }
  | { readonly kind: "invalid"; readonly name: string; readonly reasons: readonly string[] };

const toDomain = (xml: string): ReadDomain => {
  const root = parseXml(xml);
  const parsed = parseDomain(root);
  if (parsed.ok) return { kind: "read", name: parsed.value.name, domain: parsed.value };
  const name = textOf(child(root, "name"));
  return {
    kind: "invalid",
    name: name === "" ? "(a domain without a name)" : name,
    reasons: parsed.problems,
  };
};

/** Whether a domain carries guestnet metadata. */
export const isOurs = (one: ReadDomain): boolean => one.kind === "invalid" || one.domain.nics.length > 0;
const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** Reads live domain XML. @returns the domains in the order of their names */
export const toDomains = (xmls: readonly string[]): readonly ReadDomain[] => xmls.map(toDomain).sort(byName);

/**
 * Compares each NIC of the domains that has guestnet metadata with the host, as the hook does at `reconnect`.
 *
 * @param host one that shares its answers (shared-answers.ts), when the domains are many
 */
export const survey = async (domains: readonly ReadDomain[], host: AskedHost): Promise<Survey> => {
  const evpn = evpnBridgesOf(
    domains.flatMap((one) => (one.kind === "read" ? one.domain.nics : [])),
    host,
  );
  const guests = await Promise.all(
    domains.filter(isOurs).map(async (one): Promise<SurveyedGuest> => {
      if (one.kind === "invalid") return one;
      const { domain, name } = one;
      const arrival = arrivalOf(domain, host);
      const nics = domain.nics.flatMap((nic) => {
        const one = isBridged(nic)
          ? portArrivalAt("reconnect", nic, domain, host)
          : routedArrivalAt("reconnect", nic, arrival, host);
        const desired = desiredAt("reconnect", nic, occasionOf(nic, domain.uuid, one, evpn));
        return desired === null ? [] : [{ nic, desired }];
      });
      const states = nics.map(async ({ nic, desired }) => ({
        nic,
        desired,
        state: await compare(desired, host),
      }));
      return { kind: "read", name, domain, nics: await Promise.all(states) };
    }),
  );
  return { guests, others: domains.filter((one) => !isOurs(one)).map(({ name }) => name) };
};
