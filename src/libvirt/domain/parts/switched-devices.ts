import type { Hardware } from "../../../guest/hardware.ts";
import type { Profile } from "../../../guest/profile.ts";
import { attribute, child, childrenOf, element, text, type XmlElement } from "../../../xml/tree.ts";
import { withOnly } from "./merge-device.ts";

const AGENT = "org.qemu.guest_agent.0";

/**
 * The console: a serial port, which is what `virsh console` shows.
 *
 * @param keepsPorts whether the other serial ports are the profile's
 */
const withConsole = (devices: XmlElement, on: boolean, keepsPorts: boolean): XmlElement => {
  const [first] = childrenOf(devices, "serial");
  const ports = withOnly(
    devices,
    "serial",
    on ? element("serial", { type: "pty" }) : null,
    (port) => !keepsPorts || !on || port === first,
  );
  return withOnly(ports, "console", on ? element("console", { type: "pty" }) : null);
};

const withAgent = (devices: XmlElement, on: boolean): XmlElement => {
  const channel = element("channel", { type: "unix" }, [element("target", { type: "virtio", name: AGENT })]);
  return withOnly(
    devices,
    "channel",
    on ? channel : null,
    (device) => attribute(child(device, "target"), "name") === AGENT,
  );
};

const withGraphics = (devices: XmlElement, graphics: NonNullable<Hardware["graphics"]>): XmlElement => {
  if (graphics.kind === "none") return withoutSpice(withOnly(devices, "graphics", null));
  const { kind, listen, port } = graphics;
  const where = port === null ? { autoport: "yes" } : { port: String(port), autoport: "no" };
  const screen = element("graphics", { type: kind, ...where, listen }, [
    element("listen", { type: "address", address: listen }),
  ]);
  const all = withOnly(devices, "graphics", screen);
  return kind === "spice" ? all : withoutSpice(all);
};

/** These need a spice server, and libvirt refuses them without one. */
const withoutSpice = (devices: XmlElement): XmlElement =>
  ["channel", "redirdev"].reduce(
    (all, name) => withOnly(all, name, null, (device) => attribute(device, "type") === "spicevmc"),
    devices,
  );

/** Adds a video card: the profile's, or the default one for its screen. */
const withVideo = (devices: XmlElement, { video, graphics }: Hardware): XmlElement => {
  const there = childrenOf(devices, "video").map((one) => attribute(child(one, "model"), "type"));
  const isBlind = there.every((model) => model === "none");
  const wanted = video ?? (graphics !== null && graphics.kind !== "none" && isBlind ? "virtio" : null);
  return wanted === null
    ? devices
    : withOnly(devices, "video", element("video", {}, [element("model", { type: wanted })]));
};

const balloon = (on: boolean): XmlElement =>
  on
    ? element("memballoon", { model: "virtio", freePageReporting: "on" }, [
        element("stats", { period: "10" }),
      ])
    : // Without an element libvirt adds a balloon.
      element("memballoon", { model: "none" });

const rngElement = (rng: NonNullable<Hardware["rng"]>): XmlElement | null =>
  rng.kind === "off"
    ? null
    : element("rng", { model: "virtio" }, [
        element("backend", { model: "random" }, [text(rng.settings.source)]),
      ]);

const tpmElement = (tpm: NonNullable<Hardware["tpm"]>): XmlElement | null =>
  tpm.kind === "off"
    ? null
    : element("tpm", { model: tpm.settings.model }, [
        element("backend", { type: "emulator", version: "2.0" }),
      ]);

const watchdogElement = (watchdog: NonNullable<Hardware["watchdog"]>): XmlElement | null =>
  watchdog.kind === "off"
    ? null
    : element("watchdog", { model: "i6300esb", action: watchdog.settings.action });

/** The devices that a profile turns on or off. Others stay as in the template. */
export const withSwitchedDevices = (devices: XmlElement, hardware: Profile): XmlElement => {
  const { graphics, tpm, watchdog, rng } = hardware;
  let all = devices;
  if (hardware.console !== null) all = withConsole(all, hardware.console, hardware.serial !== null);
  if (hardware.agent !== null) all = withAgent(all, hardware.agent);
  if (graphics !== null) all = withGraphics(all, graphics);
  all = withVideo(all, hardware);
  if (hardware.balloon !== null) all = withOnly(all, "memballoon", balloon(hardware.balloon));
  if (rng !== null) all = withOnly(all, "rng", rngElement(rng));
  if (tpm !== null) all = withOnly(all, "tpm", tpmElement(tpm));
  // The chipset's own watchdog, `itco`, is listed since libvirt 9.1 and cannot be removed.
  if (watchdog !== null)
    all = withOnly(
      all,
      "watchdog",
      watchdogElement(watchdog),
      (device) => attribute(device, "model") !== "itco",
    );
  return all;
};
