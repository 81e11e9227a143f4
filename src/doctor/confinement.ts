import { type Finding, good, warning } from "./finding.ts";
import type { HostReadings } from "./host-readings.ts";

/** What AppArmor and SELinux let hooks do. Whether it is enough, the hook's self-test shows, which runs in the same profile. */
export const checkConfinement = ({ daemons, selinux }: HostReadings): readonly Finding[] => [
  ...daemons.map(({ name, profile }) =>
    good(
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
            "hooks may do next to nothing (virt_selinux(8))",
            "setsebool -P virt_hooks_unconfined on",
          ),
        ]
      : [good("SELinux", "virt_hooks_unconfined is on, or this policy does not know it")]),
];
