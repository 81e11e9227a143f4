import { type Address, partsOf, type Prefix } from "../../values/address.ts";
import type { Issue } from "../../values/issue.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { addToLists } from "../../text/add-to-lists.ts";
import type { Document } from "../../text/document.ts";
import { isInside, numbersOf } from "../numbers.ts";
import type { PlannedSite } from "../plan/planned.ts";
import type { Pool } from "./pool.ts";
import { type AssignOptions, type NicRequest, requestsOf } from "./requests.ts";

/** What a NIC was given. */
export interface Grant {
  readonly path: Issue["path"];
  /** As they are written: those of a bridge port with the length of their network. */
  readonly addresses: readonly string[];
  readonly prefixes: readonly Prefix[];
}

/** A profile with what its NICs were given. */
export interface Assigned {
  readonly text: string;
  readonly grants: readonly Grant[];
}

const written = (address: Address, { onLink }: NicRequest): string => {
  if (onLink === null) return address;
  const network = onLink.find((one) => isInside(numbersOf(address), numbersOf(one)));
  return network === undefined ? address : `${address}/${String(partsOf(network).length)}`;
};

const grantOf = (request: NicRequest, pool: Pool, { issue }: Document): Result<Grant, Issue> => {
  const problems: Issue[] = [];
  const full = (what: string, from: readonly Prefix[]): void => {
    problems.push(
      issue("prefix", request.path, `cannot be given ${what}: none is free in ${from.join(", ")}`),
    );
  };
  const addresses = request.addresses.flatMap(({ from }): readonly string[] => {
    const address = pool.takeAddress(from);
    if (address === null) full("an address", from);
    return address === null ? [] : [written(address, request)];
  });
  const { network } = request;
  const prefix = network === null ? null : pool.takeNetwork(network.from, network.length);
  if (network !== null && prefix === null)
    full(`a network of length ${String(network.length)}`, network.from);
  if (problems.length > 0) return refused(...problems);
  return good({ path: request.path, addresses, prefixes: prefix === null ? [] : [prefix] });
};

/**
 * Gives the NICs of a profile what they lack. What is given is taken from the pool, so that the next profile gets other addresses.
 *
 * @param text of the document
 * @param site the profile's host.json
 * @returns the profile's new text, or every problem
 */
export const assign = (
  text: string,
  document: Document,
  site: PlannedSite,
  pool: Pool,
  options: AssignOptions,
): Result<Assigned, Issue> => {
  const requests = requestsOf(document, site, options);
  if (!requests.ok) return requests;
  const results = requests.value.map((request) => grantOf(request, pool, document));
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return refused(...problems);
  const grants = results.flatMap((result) => (result.ok ? [result.value] : []));
  const additions = grants.flatMap(({ path, addresses, prefixes }) => [
    ...(addresses.length === 0 ? [] : [{ path, key: "addresses", texts: addresses }]),
    ...(prefixes.length === 0 ? [] : [{ path, key: "prefixes", texts: prefixes }]),
  ]);
  return good({
    text: addToLists(text, document.root, additions, ["addresses", "native", "vlan", "type"]),
    grants,
  });
};
