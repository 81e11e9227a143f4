import { type LiveDomain } from "../../src/guest/nic.ts";
import { type Issue, renderIssue } from "../../src/values/issue.ts";
import { isHooked } from "../../src/guest/attachment.ts";
import { type LibvirtVersion, PORTABLE } from "../../src/values/libvirt-version.ts";
import { isPassed, type Profile } from "../../src/guest/profile.ts";
import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { builtInText, renderDomain } from "./templates.ts";
import { scanXml } from "../../src/xml/scan.ts";
import { parseProfile } from "../../src/profile/parse.ts";
import { parseSite } from "../../src/site/site.ts";

/** The profile that a written one becomes; a test that writes a bad one is itself wrong. */
export const profileOf = (written: object): Profile => {
  const parsed = parseProfile(JSON.stringify(written));
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map((issue) => renderIssue("guest.json", issue)).join("\n"));
};

/** What is wrong with a written profile, as `code path`; empty when nothing is. */
export const issuesOf = (written: object): readonly Issue[] => {
  const parsed = parseProfile(JSON.stringify(written));
  return parsed.ok ? [] : parsed.problems;
};

export const xmlOf = (written: object, libvirt: LibvirtVersion = PORTABLE): string =>
  renderDomain(profileOf(written), builtInText(profileOf(written)), libvirt);

/** The domain as the hook gets to see it. */
export const domainOf = (written: object, libvirt: LibvirtVersion = PORTABLE): LiveDomain => {
  const parsed = parseDomain(scanXml(xmlOf(written, libvirt)));
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.join("\n"));
};

/** The domain of a profile that is written for a host. */
export const guestOn = (host: object, written: object): LiveDomain => {
  const site = parseSite(JSON.stringify(host));
  if (!site.ok) throw new Error(site.problems.map((issue) => renderIssue("host.json", issue)).join("\n"));
  const profile = parseProfile(JSON.stringify(written), site.value);
  if (!profile.ok)
    throw new Error(profile.problems.map((issue) => renderIssue("guest.json", issue)).join("\n"));
  const parsed = parseDomain(scanXml(renderDomain(profile.value, builtInText(profile.value), PORTABLE)));
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.join("\n"));
};

/** A guest called `t` with these interfaces. */
export const guest = (...interfaces: readonly object[]): object => ({
  name: "t",
  memory: "1 GiB",
  interfaces,
});

/** What the hook should get to know of a profile's NICs. The rest is the guest's business, or libvirt's alone. */
export const hostSide = (profile: Profile): readonly { readonly mac: string }[] =>
  profile.interfaces.flatMap((nic) => {
    if (isPassed(nic) || !isHooked(nic.attachment)) return [];
    const { mac, tap, queues, mtu, attachment } = nic;
    return [{ mac, tap, queues, mtu, attachment }];
  });
