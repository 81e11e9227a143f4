import type { Weight } from "../report/report.ts";

// What KVM has no equivalent for, or what the profile does not need to say: xl.cfg(5), xmdomain.cfg(5).

/** How much it takes of a person's time, and why it is dropped. */
export type Dropped = readonly [Weight, string];

const TEMPLATE = "the profile has no word for it: put it into a template if the guest needs it";
const same = (keys: readonly string[], dropped: Dropped): Readonly<Record<string, Dropped>> =>
  Object.fromEntries(keys.map((key) => [key, dropped]));

/** Devices that are dropped, by key, and why. */
const DROPPED_DEVICES: Readonly<Record<string, Dropped>> = {
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

/** The same for each of some keys. */
const all = (keys: string, dropped: Dropped): Readonly<Record<string, Dropped>> =>
  Object.fromEntries(keys.split(" ").map((key) => [key, dropped]));

/** By key, what is dropped and why. */
export const DROPPED: Readonly<Record<string, Dropped>> = {
  ...all(
    "hap oos shadow_memory altp2m altp2mhvm nomigrate passthrough vpmu mmio_hole rdm rdm_mem_boundary e820_host pae nx apic claim_mode vmtrace_buf_kb vcpu_avail assisted_xapic assisted_x2apic msr_relaxed suppress_spurious_page_faults",
    ["note", "a setting inside Xen's hypervisor; KVM does without"],
  ),
  ...all("pool period slice latency extratime cpus_soft cpu cpu_cap", [
    "step",
    "Xen's scheduler; on KVM: `virsh schedinfo`, or <cputune> in a template",
  ]),
  ...all(
    "device_model device_model_version device_model_override device_model_machine device_model_user device_model_stubdomain_override device_model_stubdomain_seclabel stubdomain_version stubdomain_kernel stubdomain_ramdisk stubdomain_cmdline stubdomain_memory dm_restrict xen_platform_pci vendor_device arch",
    ["note", "which QEMU Xen runs, and how; libvirt chooses its own"],
  ),
  ...all("device_model_args device_model_args_pv device_model_args_hvm", [
    "person",
    "arguments for Xen's QEMU, which are never passed on: see what they were for",
  ]),
  ...all(
    "dtdev irqs iomem ioports device_tree coproc vuart gic_version llc_colors tee sve trap_unmapped_accesses",
    ["person", "passes hardware of the old board to the guest, which KVM has other ways for"],
  ),
  ...all("seclabel init_seclabel access_control", [
    "step",
    "a label of Xen's security module; libvirt labels guests by itself (sVirt)",
  ]),
  ...all(
    "max_grant_frames max_maptrack_frames max_grant_version max_event_channels xenstore_quota pvshim pvshim_path pvshim_cmdline pvshim_extra",
    ["note", "a limit or layer of Xen's own; KVM has no grant tables, event channels or xenstore"],
  ),
  ...all("dhcp ip netmask gateway hostname nfs_server nfs_root interface", [
    "step",
    "xm put it on the kernel's command line; xl ignores it: see how the guest gets its address",
  ]),
  ...all("hpet vpt_align timer_mode tsc_mode", [
    "note",
    "how Xen keeps a virtual timer; KVM has kvm-clock and its own defaults",
  ]),
  ...all("acpi_s3 acpi_s4", ["note", "a KVM guest of ours does not sleep"]),
  ...all("bootloader_args bootargs bootentry", [
    "step",
    "options of the boot loader in dom0; the guest boots by its own now",
  ]),
  ...all("bios_path_override firmware_override", [
    "step",
    "a firmware file of the old host; libvirt chooses its own",
  ]),
  cpu_weight: [
    "step",
    "shares of Xen's scheduler, 256 the usual; on KVM `virsh schedinfo NAME --config cpu_shares=` four times as much",
  ],
  cap: [
    "step",
    "per cent of one CPU; on KVM `virsh schedinfo NAME --config vcpu_quota=` (microseconds in vcpu_period)",
  ],
  acpi: ["note", "a KVM guest of ours has ACPI"],
  nestedhvm: ["note", "host-passthrough gives the guest VMX or SVM if the host's kvm module has nested on"],
  cpuid: [
    "step",
    'CPU features by Xen\'s names; `cpu` of the profile has them: { "features": { "vmx": "disable" } }',
  ],
  on_soft_reset: ["note", "a kind of reset that only Xen has"],
  on_xend_start: ["note", "what xend does at its own start; on KVM: `virsh autostart`"],
  on_xend_stop: ["note", "what xend does at its own end; on KVM: libvirt-guests"],
  guest_os_type: ["note", "a word for people"],
  disk_other_config: ["step", "settings of Oracle VM for its disks: look for limits"],
  vif_other_config: ["step", "settings of Oracle VM for its NICs: look for limits"],
  expose_host_uuid: ["note", "Oracle VM's; the guest no longer sees the host's UUID"],
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
  ...["pci_msitranslate", "pci_seize", "pci_power_mgmt", "vtpm", "ms_vm_genid", "disk", "vif"],
] as const;

/** All keys of xl and xm that we know. */
export const KNOWN_KEYS: readonly string[] = [...READ, ...Object.keys(DROPPED)];
