import type { WatchdogAction } from "../../guest/hardware.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import type { Account, Given } from "../report/account.ts";
import type { SourceGuest } from "../source-guest.ts";

const WATCHDOG: Readonly<Record<string, WatchdogAction>> = {
  ...{ destroy: "poweroff", restart: "reset", "rename-restart": "reset", preserve: "pause" },
  ...{ "coredump-destroy": "dump", "coredump-restart": "dump", "soft-reset": "reset" },
};

/** What happens when the guest ends. QEMU knows `destroy` and `restart` for a guest that ends by itself. */
export const toActions = (
  guest: SourceGuest,
  account: Account,
): Pick<ProfileText, "onPoweroff" | "onReboot" | "onCrash" | "watchdog"> => {
  const off = (given: Given<string> | null): "destroy" | "restart" | null => {
    if (given === null) return null;
    const action = /restart|soft-reset/.test(given.value) ? "restart" : "destroy";
    if (action === given.value) account.taken(given, action);
    else account.changed(given, `${action}: QEMU knows no more`, "step");
    return action;
  };
  const crash = (given: Given<string> | null): NonNullable<ProfileText["onCrash"]> => {
    // xl's default is another one than ours.
    if (given === null) return "destroy";
    const known = (["destroy", "restart", "preserve", "coredump-destroy", "coredump-restart"] as const).find(
      (one) => one === given.value,
    );
    if (known === undefined) account.changed(given, "restart: QEMU does not know it", "step");
    else account.taken(given, known);
    return known ?? "restart";
  };
  const onPoweroff = off(guest.onPoweroff);
  const reboot = off(guest.onReboot);
  const clash = onPoweroff === "restart" && reboot === "destroy";
  if (clash && guest.onReboot !== null)
    account.changed(
      guest.onReboot,
      "restart: QEMU has one switch for both, and on_poweroff has it",
      "person",
    );
  const { onWatchdog } = guest;
  const action = onWatchdog === null ? undefined : WATCHDOG[onWatchdog.value];
  if (onWatchdog !== null && action !== undefined)
    account.changed(
      onWatchdog,
      `an i6300esb watchdog with ${action}; Xen's was of another kind, so the guest needs its driver`,
    );
  return {
    ...(onPoweroff === null ? {} : { onPoweroff }),
    ...(reboot === null ? {} : { onReboot: clash ? "restart" : reboot }),
    onCrash: crash(guest.onCrash),
    ...(action === undefined ? {} : { watchdog: { action } }),
  };
};
