import { type Bundled, copyrightOf } from "./bundled.ts";
import { AUTOSTART, hookTree, programsTree } from "./contents.ts";
import type { Deb } from "./deb.ts";
import { copy } from "./tree.ts";

const REGISTER = "/usr/libexec/guestnet/register-hook";

/** A failed self-test is said and logged, and leaves no package half installed: what it lacks may come with the next one. */
const POSTINST = `#!/bin/sh
set -e
case $1 in
configure)
  ${REGISTER} add
  ${REGISTER} test || true
  # Enabled once: what the administrator disables stays disabled.
  if deb-systemd-helper --quiet was-enabled ${AUTOSTART}; then
    deb-systemd-helper enable ${AUTOSTART} >/dev/null || true
  else
    deb-systemd-helper update-state ${AUTOSTART} >/dev/null || true
  fi
  if [ -d /run/systemd/system ]; then systemctl --system daemon-reload; fi
  ;;
# The JavaScript engine has changed.
triggered) ${REGISTER} test || true ;;
esac
`;

const PRERM = `#!/bin/sh
set -e
case $1 in
remove) ${REGISTER} remove ;;
esac
`;

const POSTRM = `#!/bin/sh
set -e
case $1 in
remove) if [ -d /run/systemd/system ]; then systemctl --system daemon-reload; fi ;;
purge)
  rm -rf /run/guestnet
  if [ -x /usr/bin/deb-systemd-helper ]; then deb-systemd-helper purge ${AUTOSTART} >/dev/null || true; fi
  ;;
esac
`;

/** What Debian's quickjs and nodejs have: dpkg runs the hook's self-test after either has changed. */
const TRIGGERS = `interest-noawait /usr/bin/qjs
interest-noawait /usr/bin/node
`;

/** Debian has the text of this licence once for all (Debian Policy 12.5). */
const byReference = (one: Bundled): Bundled =>
  one.license === "Apache-2.0" ? { ...one, text: "See /usr/share/common-licenses/Apache-2.0." } : one;

export const debs = (bundled: readonly Bundled[]): readonly Deb[] => [
  {
    name: "guestnet-hook",
    // A folder that libvirt does not have by itself: dpkg removes it with the last package that has it.
    tree: {
      ...hookTree(),
      "etc/libvirt/hooks/qemu.d": { kind: "directory" },
      "usr/share/lintian/overrides/guestnet-hook": copy("packaging/lint/guestnet-hook.lintian"),
    },
    fields: {
      Depends: "quickjs | nodejs (>= 18), iproute2, nftables",
      Suggests: "guestnet, libvirt-daemon-system (>= 8.0)",
    },
    description: `VLANs and routed taps for KVM guests: libvirt's hook
 When a guest of libvirt starts, this hook puts its bridge ports into their
 VLANs, and makes its routed taps with their host routes. What a guest wants is
 in the metadata of its domain XML; guests without it are left alone.
 .
 It is linked into /etc/libvirt/hooks/qemu.d, and runs on QuickJS or Node.js.`,
    scripts: { postinst: POSTINST, prerm: PRERM, postrm: POSTRM, triggers: TRIGGERS },
    copyright: copyrightOf([]),
  },
  {
    name: "guestnet",
    tree: programsTree("vendor-completions"),
    fields: {
      Depends: "nodejs (>= 18.19)",
      Recommends: "guestnet-hook",
      Suggests: "libvirt-clients, iproute2, nftables",
    },
    description: `VLANs and routed taps for KVM guests: the programs
 genxml makes libvirt's domain XML of ten lines of JSON: bridge NICs on their
 VLANs, and routed NICs with their addresses. guestnet shows where each NIC of
 the running guests is, repairs what has changed, and examines the host.
 .
 The hook that does the work on a host is the package guestnet-hook.`,
    scripts: {},
    copyright: copyrightOf(bundled.map(byReference)),
  },
];
