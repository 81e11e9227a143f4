import type { Dialect } from "./value.ts";

// What only files for xm have. xl reads none of it, or ignores it.
const MARKS: readonly RegExp[] = [
  // Oracle VM writes `OVM_simple_name` and the like; xl's keys are in lower case.
  /^[ \t]*[A-Z_]\w*[ \t]*\+?=/m,
  // xend's examples begin with this line for editors.
  /^#.*-\*-.*mode: *python/im,
  /^[ \t]*(import|from|def|if|else|elif|for|while|try|except|class|print|exec|return|global|assert|with)\b(?![ \t]*\+?=)/m,
  /^[ \t]*(on_xend_start|on_xend_stop|guest_os_type|cpu_cap|vcpu_avail|bootargs|bootentry|disk_other_config)[ \t]*=/m,
];

/** Whose syntax a file is in: xl's, unless something shows that it was written for xm. */
export const dialectOf = (text: string): Dialect => (MARKS.some((mark) => mark.test(text)) ? "xm" : "xl");

/** What a text is that is no configuration file at all; null when it may be one. */
export const otherInput = (text: string): string | null => {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (/^<(\?xml|!--|domain\b)/.test(start))
    return "this is XML: use `genxml import domain` for libvirt's domain XML";
  if (start.startsWith("(domain"))
    return "this is xend's own format (SXP), not a configuration file: import /etc/xen/NAME.cfg, or `virsh dumpxml NAME` with `genxml import domain`";
  if (/^[[{]/.test(start))
    return "this is JSON, as `xl list -l` prints it, not a configuration file: import /etc/xen/NAME.cfg";
  return null;
};
