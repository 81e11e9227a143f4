import type { Dropped } from "./dropped.ts";

const TEMPLATE = "the profile has no word for it: put it into a template if the guest needs it";
const same = (keys: readonly string[], dropped: Dropped): Readonly<Record<string, Dropped>> =>
  Object.fromEntries(keys.map((key) => [key, dropped]));

/** Devices that are dropped, by key, and why. */
export const DROPPED_DEVICES: Readonly<Record<string, Dropped>> = {
  ...same(
    ["sdl", "opengl", "display", "xauthority", "vncviewer", "vncconsole", "nographic"],
    ["note", "a window on the old host's screen; KVM guests have VNC"],
  ),
  ...same(
    ["spicevdagent", "spiceagent_mouse", "spice_clipboard_sharing", "spiceusbredirection", "spicetls_port"],
    ["step", `an extra of SPICE; ${TEMPLATE}`],
  ),
  ...same(
    ["spice_image_compression", "spice_streaming_video"],
    ["note", "how SPICE packs pictures; QEMU's defaults do"],
  ),
  ...same(
    ["vkb", "vsnd", "vdispl", "vcamera", "pvcalls", "virtio", "vgsx", "vgt"],
    ["person", "a device that only Xen has; the guest loses it"],
  ),
  ...same(
    ["usb", "usbversion", "usbctrl"],
    ["note", "a USB controller; a guest of ours has none without a USB device of the host"],
  ),
  ...same(["soundhw", "audio"], ["step", `a sound card; ${TEMPLATE} (<sound>)`]),
  acpi_firmware: ["person", `ACPI tables of the old host, such as a licence (SLIC); ${TEMPLATE}`],
  smbios_firmware: ["person", `SMBIOS tables of the old host; ${TEMPLATE}`],
  smbios: ["step", `strings that the guest reads from its BIOS; ${TEMPLATE} (<sysinfo>)`],
  hdtype: ["note", "how Xen emulates disks; here they are virtio or SATA"],
  viridian: ["step", `Hyper-V enlightenments, which make Windows faster; ${TEMPLATE} (<hyperv>)`],
  rtc_timeoffset: ["step", `the guest's clock is off by so many seconds; set it inside, or ${TEMPLATE}`],
  keymap: ["note", "the keyboard of the VNC viewer; QEMU takes scan codes from it"],
  videoram: ["note", "the video card's memory is QEMU's default"],
  gfx_passthru: [
    "person",
    "a graphics card of the old host as the guest's first one; KVM needs it set up anew",
  ],
  parallel: ["step", `a parallel port; ${TEMPLATE}`],
  channel: ["step", `a channel to the host; ${TEMPLATE} (<channel>)`],
  p9: ["step", `a folder of the host; ${TEMPLATE} (<filesystem>)`],
  vnuma: ["step", `virtual NUMA nodes; ${TEMPLATE} (<cpu><numa>)`],
  driver_domain: ["person", "this guest serves devices to others: they have to be served otherwise"],
};
