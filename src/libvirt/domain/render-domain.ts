import { type LibvirtVersion, PORTABLE } from "../../values/libvirt-version.ts";
import type { Profile } from "../../guest/profile.ts";
import { renderClock } from "./render-clock.ts";
import { renderIothreads, renderProcessor } from "./render-cpu.ts";
import { renderDevices } from "./render-devices.ts";
import { renderIdentity } from "./render-identity.ts";
import { renderMemory } from "./render-memory.ts";
import { renderOs } from "./render-os.ts";
import { readTemplate, type Template } from "./render-template.ts";
import { attributeOf } from "./render-tree.ts";
import { renderText } from "../../xml/render-text.ts";

/**
 * Completes a copy of a template with what the profile says. All else in it stays as it is.
 *
 * @param libvirt the oldest version that has to take it
 * @returns the domain XML, ending in a line break; the same profile always gives the same bytes
 */
export const completeTemplate = (template: Template, profile: Profile, libvirt: LibvirtVersion): string => {
  const domain = template.domain.clone();
  const type = profile.virtType ?? attributeOf(domain, "type") ?? "kvm";
  domain.att({ type });
  renderIdentity(domain, profile, libvirt);
  renderMemory(domain, profile);
  renderProcessor(domain, profile);
  renderOs(domain, profile);
  renderClock(domain, profile);
  renderDevices(domain, profile, renderIothreads(domain, profile), libvirt);
  return renderText(template.nodes.map((node) => (node === template.domain ? domain : node)));
};

/**
 * {@link completeTemplate} for a single guest.
 *
 * @param template a text that {@link readTemplate} takes
 */
export const renderDomain = (
  profile: Profile,
  template: string,
  libvirt: LibvirtVersion = PORTABLE,
): string => {
  const read = readTemplate(template);
  if (!read.ok) throw new Error(`a template that was not checked: ${read.problems[0]?.message ?? ""}`);
  return completeTemplate(read.value, profile, libvirt);
};
