import { renderSize } from "../../values/size.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import type { Report, Given } from "../report/report.ts";
import type { SourceGuest } from "../source-guest.ts";
import type { WatchdogAction } from "../../guest/hardware.ts";
import { parseAddress } from "../../values/address.ts";

const reportMemory = (given: Given<number>, report: Report, what: string): void => {
  if (given.found === "")
    report.changed(given, `${renderSize(given.value)}: ${what}, which the file does not set`);
  else report.taken(given, `${renderSize(given.value)}: ${what}`);
};

/** Memory, and what the guest can grow to. */
export const toMemory = (
  { memory, maxMemory }: SourceGuest,
  report: Report,
): Pick<ProfileText, "memory" | "maxMemory"> => {
  reportMemory(memory, report, "the memory at start");
  if (maxMemory === null) return { memory: renderSize(memory.value) };
  reportMemory(maxMemory, report, "the maximum memory");
  if (maxMemory.value <= memory.value) return { memory: renderSize(memory.value) };
  report.task(
    "inside",
    "The guest requires a balloon driver (`virtio_balloon` in Linux) to use less than `maxMemory`.",
  );
  return { memory: renderSize(memory.value), maxMemory: renderSize(maxMemory.value) };
};

/** vCPUs, and where they run. */
export const toVcpus = (guest: SourceGuest, report: Report): Pick<ProfileText, "vcpus"> => {
  const { vcpus, maxVcpus, pinning } = guest;
  const count = vcpus?.value ?? 1;
  const max = Math.max(maxVcpus?.value ?? count, count);
  if (vcpus !== null) report.taken(vcpus, `${count}`);
  if (maxVcpus !== null) report.taken(maxVcpus, `at most ${max}`);
  if (pinning === null) {
    if (max > count) return { vcpus: { count, max } };
    return count === 1 && vcpus === null ? {} : { vcpus: count };
  }
  const sets = pinning.value;
  if (typeof sets !== "string" && sets.length !== max) {
    report.dropped(
      pinning,
      `the list has ${sets.length} sets for ${max} vCPUs; pin them on the new host if required`,
      "step",
    );
    return { vcpus: max > count ? { count, max } : count };
  }
  report.taken(
    pinning,
    "pinned to these CPUs of the old host: check the numbers on the new host (lscpu -e)",
    "step",
  );
  return {
    vcpus: { count, ...(max > count ? { max } : {}), pinning: typeof sets === "string" ? sets : [...sets] },
  };
};

const WATCHDOG: Readonly<Record<string, WatchdogAction>> = {
  ...{ destroy: "poweroff", restart: "reset", "rename-restart": "reset", preserve: "pause" },
  ...{ "coredump-destroy": "dump", "coredump-restart": "dump", "soft-reset": "reset" },
};

/** Actions at the end of the guest. QEMU supports `destroy` and `restart`. */
export const toActions = (
  guest: SourceGuest,
  report: Report,
): Pick<ProfileText, "onPoweroff" | "onReboot" | "onCrash" | "watchdog"> => {
  const off = (given: Given<string> | null): "destroy" | "restart" | null => {
    if (given === null) return null;
    const action = /restart|soft-reset/.test(given.value) ? "restart" : "destroy";
    if (action === given.value) report.taken(given, action);
    else report.changed(given, `${action}: QEMU does not support it`, "step");
    return action;
  };
  const crash = (given: Given<string> | null): NonNullable<ProfileText["onCrash"]> => {
    // xl's default differs from the profile's.
    if (given === null) return "destroy";
    const known = (["destroy", "restart", "preserve", "coredump-destroy", "coredump-restart"] as const).find(
      (one) => one === given.value,
    );
    if (known === undefined) report.changed(given, "restart: QEMU does not support it", "step");
    else report.taken(given, known);
    return known ?? "restart";
  };
  const onPoweroff = off(guest.onPoweroff);
  const reboot = off(guest.onReboot);
  const clash = onPoweroff === "restart" && reboot === "destroy";
  if (clash && guest.onReboot !== null)
    report.changed(guest.onReboot, "restart: QEMU has one setting for both, from on_poweroff", "person");
  const { onWatchdog } = guest;
  const action = onWatchdog === null ? undefined : WATCHDOG[onWatchdog.value];
  if (onWatchdog !== null && action !== undefined)
    report.changed(
      onWatchdog,
      `an i6300esb watchdog with ${action}; it differs from Xen's, and the guest requires its driver`,
    );
  return {
    ...(onPoweroff === null ? {} : { onPoweroff }),
    ...(reboot === null ? {} : { onReboot: clash ? "restart" : reboot }),
    onCrash: crash(guest.onCrash),
    ...(action === undefined ? {} : { watchdog: { action } }),
  };
};

const listenOf = (listen: Given<string> | null, hasPassword: boolean, report: Report): string | null => {
  if (listen === null) return null;
  const host = listen.value
    .trim()
    .replace(/:\d{1,5}$/, (display) => (listen.value.includes("::") ? display : ""));
  const address = parseAddress(host);
  if (address === null) {
    if (host !== "") report.changed(listen, "not a host address; it listens on 127.0.0.1", "step");
    else report.taken(listen, "127.0.0.1");
    return null;
  }
  const isLocal = address.startsWith("127.") || address === "::1";
  if (hasPassword && !isLocal) {
    report.changed(listen, "127.0.0.1, because the display has no password until you set one", "step");
    return null;
  }
  report.taken(
    listen,
    isLocal ? address : `${address}, without a password, as before: check who can reach it`,
    isLocal ? "note" : "step",
  );
  return address;
};

const VIDEO: Readonly<Record<string, NonNullable<ProfileText["video"]>>> = {
  ...{ stdvga: "vga", vga: "vga", cirrus: "vga", qxl: "qxl", none: "none", virtio: "virtio", bochs: "bochs" },
};

/** Screen and video card. The emulated VGA is one that every system has a driver for. */
export const toScreen = (
  { graphics, video }: SourceGuest,
  report: Report,
): Pick<ProfileText, "graphics" | "video"> => {
  const card = video === null ? null : (VIDEO[video.value.trim()] ?? null);
  if (video !== null && card === null) report.changed(video, "an unsupported card; VGA instead", "step");
  else if (video !== null && card !== null)
    report[video.value === card ? "taken" : "changed"](video, `the video card ${card}`);
  if (graphics === null) return video === null || card === null ? {} : { video: card };
  if (graphics.hasPassword)
    report.task(
      "host",
      "Set the password of the display again, because profiles contain none: `virsh edit` the domain, set it in `<graphics>`, then change the listen address.",
    );
  const listen = listenOf(graphics.listen, graphics.hasPassword, report);
  const port = graphics.port?.value ?? null;
  const isPort = port !== null && port >= 5900 && port <= 65_535;
  if (graphics.port !== null && graphics.type === "spice")
    report[isPort ? "taken" : "changed"](
      graphics.port,
      isPort ? `port ${port}` : "the next free port from 5900",
    );
  if (graphics.isDefault)
    report.taken({ ...graphics, found: "" }, "HVM guests have a VNC display in Xen unless vnc=0");
  const plain = listen === null && !isPort;
  return {
    graphics: plain
      ? graphics.type
      : { type: graphics.type, ...(listen === null ? {} : { listen }), ...(isPort ? { port } : {}) },
    video: card ?? "vga",
  };
};
