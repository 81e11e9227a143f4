import type { Weight } from "../report/report.ts";

// Keys without an equivalent in KVM, or without need in a profile: xl.cfg(5), xmdomain.cfg(5).

/** The work that a dropped key leaves to a person, and the reason. */
export type Dropped = readonly [Weight, string];

const TEMPLATE = "not supported in profiles: add it to a template if the guest requires it";
const same = (keys: readonly string[], dropped: Dropped): Readonly<Record<string, Dropped>> =>
  Object.fromEntries(keys.map((key) => [key, dropped]));

/** Devices that are dropped, by key, and why. */
const DROPPED_DEVICES: Readonly<Record<string, Dropped>> = {
  ...same(
    ["sdl", "opengl", "display", "xauthority", "vncviewer", "vncconsole", "nographic"],
    ["note", "a window on the old host's screen; use VNC on KVM"],
  ),
  ...same(
    ["spicevdagent", "spiceagent_mouse", "spice_clipboard_sharing", "spiceusbredirection", "spicetls_port"],
    ["step", `an option of SPICE; ${TEMPLATE}`],
  ),
  ...same(
    ["spice_image_compression", "spice_streaming_video"],
    ["note", "SPICE image compression; QEMU uses its defaults"],
  ),
  ...same(
    ["vkb", "vsnd", "vdispl", "vcamera", "pvcalls", "virtio", "vgsx", "vgt"],
    ["person", "a device that exists only in Xen; the guest loses it"],
  ),
  ...same(
    ["usb", "usbversion", "usbctrl"],
    ["note", "a USB controller; generated guests have one if they have a USB device"],
  ),
  audio: ["step", "a sound card; set `sound` in the profile if the guest requires it"],
  acpi_firmware: ["person", `ACPI tables of the old host, such as a licence (SLIC); ${TEMPLATE}`],
  smbios_firmware: ["person", `SMBIOS tables of the old host; ${TEMPLATE}`],
  smbios: ["step", `strings that the guest reads from its BIOS; ${TEMPLATE} (<sysinfo>)`],
  hdtype: ["note", "Xen's disk emulation; on KVM disks are virtio or SATA"],
  rtc_timeoffset: [
    "step",
    `offset of the guest's clock in seconds; set the clock inside the guest, or ${TEMPLATE}`,
  ],
  keymap: ["note", "the keyboard layout of VNC; QEMU uses scan codes"],
  videoram: ["note", "video memory; QEMU uses its default"],
  gfx_passthru: ["person", "passthrough of a graphics card of the old host; set it up again on KVM"],
  parallel: ["step", `a parallel port; ${TEMPLATE}`],
  channel: ["step", `a channel to the host; ${TEMPLATE} (<channel>)`],
  driver_domain: [
    "person",
    "this guest is a driver domain for other guests: provide their devices in another way",
  ],
};

/** The same for each of some keys. */
const all = (keys: string, dropped: Dropped): Readonly<Record<string, Dropped>> =>
  Object.fromEntries(keys.split(" ").map((key) => [key, dropped]));

/** By key, what is dropped and why. */
export const DROPPED: Readonly<Record<string, Dropped>> = {
  ...all(
    "hap oos shadow_memory altp2m altp2mhvm nomigrate passthrough vpmu mmio_hole rdm rdm_mem_boundary e820_host pae nx apic claim_mode vmtrace_buf_kb vcpu_avail assisted_xapic assisted_x2apic msr_relaxed suppress_spurious_page_faults",
    ["note", "a setting of the Xen hypervisor without equivalent on KVM"],
  ),
  ...all("pool period slice latency extratime cpus_soft cpu cpu_cap", [
    "step",
    "a setting of Xen's scheduler; on KVM use `virsh schedinfo`, or <cputune> in a template",
  ]),
  ...all(
    "device_model device_model_version device_model_override device_model_machine device_model_user device_model_stubdomain_override device_model_stubdomain_seclabel stubdomain_version stubdomain_kernel stubdomain_ramdisk stubdomain_cmdline stubdomain_memory dm_restrict xen_platform_pci vendor_device arch",
    ["note", "the QEMU that Xen runs, and its options; libvirt selects its own"],
  ),
  ...all("device_model_args device_model_args_pv device_model_args_hvm", [
    "person",
    "arguments for Xen's QEMU, which are never passed on: check their purpose",
  ]),
  ...all(
    "dtdev irqs iomem ioports device_tree coproc vuart gic_version llc_colors tee sve trap_unmapped_accesses",
    ["person", "passthrough of hardware of the old board; KVM has other methods"],
  ),
  ...all("seclabel init_seclabel access_control", [
    "step",
    "a label of Xen's security module; libvirt labels guests automatically (sVirt)",
  ]),
  ...all(
    "max_grant_frames max_maptrack_frames max_grant_version max_event_channels xenstore_quota pvshim pvshim_path pvshim_cmdline pvshim_extra",
    ["note", "a limit or layer of Xen; KVM has no grant tables, event channels or xenstore"],
  ),
  ...all("dhcp ip netmask gateway hostname nfs_server nfs_root interface", [
    "step",
    "xm added it to the kernel command line; xl ignores it: check how the guest gets its address",
  ]),
  ...all("hpet vpt_align timer_mode tsc_mode", [
    "note",
    "a setting of Xen's virtual timers; KVM uses kvm-clock and its own defaults",
  ]),
  ...all("acpi_s3 acpi_s4", ["note", "generated guests do not support sleep states"]),
  ...all("bootloader_args bootargs bootentry", [
    "step",
    "options of the boot loader in dom0; the guest now uses its own boot loader",
  ]),
  ...all("bios_path_override firmware_override", [
    "step",
    "a firmware file of the old host; libvirt selects its own",
  ]),
  cpu_weight: [
    "step",
    "shares of Xen's scheduler (default 256); on KVM use `virsh schedinfo NAME --config cpu_shares=` with four times the value",
  ],
  cap: [
    "step",
    "limit in percent of one CPU; on KVM use `virsh schedinfo NAME --config vcpu_quota=` (microseconds per vcpu_period)",
  ],
  acpi: ["note", "generated guests have ACPI"],
  nestedhvm: ["note", "host-passthrough provides VMX or SVM if nesting is enabled in the host's kvm module"],
  cpuid: [
    "step",
    'CPU features with Xen names; set them in `cpu` of the profile: { "features": { "vmx": "disable" } }',
  ],
  on_soft_reset: ["note", "a kind of reset that exists only in Xen"],
  on_xend_start: ["note", "action at the start of xend; on KVM use `virsh autostart`"],
  on_xend_stop: ["note", "action at the stop of xend; on KVM use libvirt-guests"],
  guest_os_type: ["note", "a description"],
  disk_other_config: ["step", "disk settings of Oracle VM: check for limits"],
  vif_other_config: ["step", "NIC settings of Oracle VM: check for limits"],
  expose_host_uuid: ["note", "a setting of Oracle VM; the guest no longer sees the host's UUID"],
  ...DROPPED_DEVICES,
};

/** The keys that are read for the profile. */
const READ = [
  ...[
    "name",
    "uuid",
    "type",
    "builder",
    "memory",
    "maxmem",
    "vcpus",
    "maxvcpus",
    "cpus",
    "kernel",
    "ramdisk",
    "cmdline",
  ],
  ...[
    "root",
    "extra",
    "bootloader",
    "boot",
    "bios",
    "firmware",
    "localtime",
    "on_poweroff",
    "on_reboot",
    "on_crash",
  ],
  ...[
    "on_watchdog",
    "vnc",
    "vnclisten",
    "vncdisplay",
    "vncunused",
    "vncpasswd",
    "vfb",
    "spice",
    "spicehost",
    "spiceport",
  ],
  ...[
    "spicepasswd",
    "spicedisable_ticketing",
    "vga",
    "stdvga",
    "serial",
    "usbdevice",
    "usbdev",
    "pci",
    "pci_permissive",
  ],
  ...["soundhw", "p9", "vnuma"],
  ...["pci_msitranslate", "pci_seize", "pci_power_mgmt", "vtpm", "viridian", "ms_vm_genid", "disk", "vif"],
] as const;

/** All known keys of xl and xm. */
export const KNOWN_KEYS: readonly string[] = [...READ, ...Object.keys(DROPPED)];
