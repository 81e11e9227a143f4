import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { scanXml } from "../../src/xml/scan.ts";
import type { LiveDomain } from "../../src/guest/nic.ts";
import { cases } from "./cases.ts";
import { FakeKernel } from "./fake-kernel.ts";

/**
 * The host of a case, with what its host.txt names: `bridge br0 default-pvid 1`, `bridge br1 plain`, `vrf red 10`, and routes and
 * addresses of others, `route 192.0.2.1/32 dev up0 proto 4`.
 *
 * @param text null for a case that is content with br0
 */
export const caseHost = (text: string | null): FakeKernel => {
  const kernel = new FakeKernel();
  for (const line of (text ?? "bridge br0 default-pvid 0").trim().split("\n")) {
    const [kind, name = "", how = "", value] = line.split(" ");
    if (kind === "bridge") kernel.bridge(name, how !== "plain", Number(value ?? 0));
    else if (kind === "vrf") kernel.vrf(name, Number(how));
    else kernel.have(line);
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
    const parsed = parseDomain(scanXml(read("domain.xml") ?? ""));
    if (!parsed.ok || parsed.value.nics.length === 0) return [];
    return [{ name, domain: parsed.value, host: () => caseHost(read("host.txt")) }];
  });
