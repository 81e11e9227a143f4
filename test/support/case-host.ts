import { parseDomain } from "../../src/libvirt/parse-domain.ts";
import type { LiveDomain } from "../../src/model/guest.ts";
import { cases } from "./cases.ts";
import { FakeKernel } from "./fake-kernel.ts";

/**
 * The host of a case, with the bridges that its host.txt names: `bridge br0 default-pvid 1`, `bridge br1 plain`.
 *
 * @param text null for a case that is content with br0
 */
export const caseHost = (text: string | null): FakeKernel => {
  const kernel = new FakeKernel();
  for (const line of (text ?? "bridge br0 default-pvid 0").trim().split("\n")) {
    const match = /^bridge (\S+) (plain|default-pvid (\d+))$/.exec(line);
    if (match?.[1] === undefined) throw new Error(`host.txt: ${line}`);
    kernel.bridge(match[1], match[2] !== "plain", Number(match[3] ?? 0));
  }
  return kernel;
};

/** A case's guest as the hook sees it, and new hosts for it. */
export interface CaseGuest {
  readonly name: string;
  readonly domain: LiveDomain;
  readonly host: () => FakeKernel;
}

/** The guests of all cases for which the hook has something to do. */
export const caseGuests = (): readonly CaseGuest[] =>
  cases().flatMap(({ name, read }) => {
    const parsed = parseDomain(read("domain.xml") ?? "");
    if (!parsed.ok || parsed.value.nics.length === 0) return [];
    return [{ name, domain: parsed.value, host: () => caseHost(read("host.txt")) }];
  });
