import { type Finding, ok, warning } from "./finding.ts";
import type { HostReadings } from "./host-readings.ts";

/** Returns what AppArmor and SELinux allow hooks to do. The hook's self-test runs in the same profile and shows whether that is enough. */
export const checkConfinement = ({ daemons, selinux }: HostReadings): readonly Finding[] => [
  ...daemons.map(({ name, profile }) =>
    ok(
      "AppArmor",
      profile === null ? `${name} is not confined` : `${name} and its hooks are in the profile ${profile}`,
    ),
  ),
  ...(selinux === null
    ? []
    : selinux.hooksUnconfined === false
      ? [
          warning(
            "SELinux",
            "virt_hooks_unconfined is off",
            "SELinux denies hooks what the hook has to do (virt_selinux(8))",
            "setsebool -P virt_hooks_unconfined on",
          ),
        ]
      : [ok("SELinux", "virt_hooks_unconfined is on, or this policy does not have it")]),
];
