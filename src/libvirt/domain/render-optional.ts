import type { Hardware } from "../../guest/hardware.ts";
import { any, exactly, type IsOne, type Make } from "./render-exactly.ts";
import { renderScreen } from "./render-screen.ts";
import type { XmlElement } from "../../xml/render-element.ts";
import { attributeOf, childOf } from "./render-tree.ts";

const AGENT = "org.qemu.guest_agent.0";

/** The console: a serial port, which is what `virsh console` shows. */
const renderConsole = (devices: XmlElement, on: boolean): void => {
  const pty = (name: string): Make | null => (on ? (d) => d.ele(name, { type: "pty" }) : null);
  exactly(devices, "serial", any, pty("serial"));
  exactly(devices, "console", any, pty("console"));
};

const renderAgent = (devices: XmlElement, on: boolean): void => {
  const isAgent: IsOne = (device) => attributeOf(childOf(device, "target"), "name") === AGENT;
  exactly(
    devices,
    "channel",
    isAgent,
    !on
      ? null
      : (d) => d.ele("channel", { type: "unix" }).ele("target", { type: "virtio", name: AGENT }).up(),
  );
};

const renderBalloon = (devices: XmlElement, on: boolean): void => {
  exactly(devices, "memballoon", any, (d) => {
    // Without an element libvirt adds a balloon.
    if (!on) return d.ele("memballoon", { model: "none" });
    return d
      .ele("memballoon", { model: "virtio", freePageReporting: "on" })
      .ele("stats", { period: "10" })
      .up();
  });
};

/** The devices that a profile turns on or off. What it does not speak of stays as the template has it. */
export const renderOptional = (devices: XmlElement, hardware: Hardware): void => {
  const { tpm, watchdog, rng } = hardware;
  if (hardware.console !== null) renderConsole(devices, hardware.console);
  if (hardware.agent !== null) renderAgent(devices, hardware.agent);
  renderScreen(devices, hardware);
  if (hardware.balloon !== null) renderBalloon(devices, hardware.balloon);
  if (rng !== null)
    exactly(
      devices,
      "rng",
      any,
      rng.kind === "off"
        ? null
        : (d) =>
            d
              .ele("rng", { model: "virtio" })
              .ele("backend", { model: "random" })
              .txt(rng.settings.source)
              .up(),
    );
  if (tpm !== null)
    exactly(
      devices,
      "tpm",
      any,
      tpm.kind === "off"
        ? null
        : (d) =>
            d
              .ele("tpm", { model: tpm.settings.model })
              .ele("backend", { type: "emulator", version: "2.0" })
              .up(),
    );
  // The chipset's own watchdog, `itco`, is listed since libvirt 9.1 and cannot be taken away.
  const isOwn: IsOne = (device) => attributeOf(device, "model") !== "itco";
  if (watchdog !== null)
    exactly(
      devices,
      "watchdog",
      isOwn,
      watchdog.kind === "off"
        ? null
        : (d) => d.ele("watchdog", { model: "i6300esb", action: watchdog.settings.action }),
    );
};
