import type { SerialPort } from "../../../guest/platform.ts";
import type { Profile } from "../../../guest/profile.ts";
import { without } from "../../../xml/edit.ts";
import { attribute, child, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { covers, withDevice, withExactly, withOnly } from "./merge-device.ts";
import { withUsb } from "./usb.ts";

const serialElement = (port: SerialPort): XmlElement => {
  switch (port.kind) {
    case "pty":
      return element("serial", { type: "pty" });
    case "tcp":
      return element("serial", { type: "tcp" }, [
        element("source", { mode: "bind", host: port.listen, service: String(port.port) }),
        element("protocol", { type: "raw" }),
      ]);
    case "unix":
      return element("serial", { type: "unix" }, [element("source", { mode: "bind", path: port.path })]);
    case "file":
    case "dev":
      return element("serial", { type: port.kind }, [element("source", { path: port.path })]);
  }
};

/** The console is the first port; those that a profile names follow it. */
const withSerial = (devices: XmlElement, { serial, console }: Profile): XmlElement => {
  if (serial === null) return devices;
  const first = console === false ? undefined : childrenOf(devices, "serial")[0];
  return withExactly(devices, "serial", serial.map(serialElement), (port) => port !== first);
};

/** All devices but the two of PS/2, which libvirt adds by itself. */
const withInput = (devices: XmlElement, { input }: Profile): XmlElement => {
  if (input === null) return devices;
  const complete = input.some(({ bus }) => bus === "usb") ? withUsb(devices) : devices;
  const wanted = input.map(({ type, bus }) => element("input", { type, bus }));
  return withExactly(complete, "input", wanted, (device) => attribute(device, "bus") !== "ps2");
};

const withSound = (devices: XmlElement, { sound }: Profile): XmlElement => {
  if (sound === null) return devices;
  const complete = sound === "usb" ? withUsb(devices) : devices;
  return withOnly(complete, "sound", sound === "none" ? null : element("sound", { model: sound }));
};

/** Adds the directories that the template does not already share. */
const withFilesystems = (devices: XmlElement, { filesystems }: Profile): XmlElement =>
  filesystems.reduce((all, { source, target }) => {
    const fresh = element("filesystem", { type: "mount", accessmode: "passthrough" }, [
      element("driver", { type: "virtiofs" }),
      element("source", { dir: source }),
      element("target", { dir: target }),
    ]);
    const there = childrenOf(all, "filesystem");
    if (there.some((old) => covers(old, fresh))) return all;
    const same = there.filter((old) => attribute(child(old, "target"), "dir") === target);
    return withDevice(without(all, ...same), fresh);
  }, devices);

/** The devices of which a profile may list several, and its sound card. */
export const withPeripherals = (devices: XmlElement, profile: Profile): XmlElement =>
  [withSerial, withInput, withSound, withFilesystems].reduce((all, add) => add(all, profile), devices);
