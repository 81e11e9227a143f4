// The orders in which libvirt prints elements (virDomainDefFormatInternal). Its schema takes any other as well,
// but people look for things where they always are.

export const DOMAIN = [
  ...["name", "uuid", "genid", "title", "description", "metadata"],
  ...["maxMemory", "memory", "currentMemory", "memoryBacking"],
  ...["vcpu", "vcpus", "iothreads", "iothreadids", "cputune", "numatune", "resource", "sysinfo"],
  ...["bootloader", "bootloader_args", "os", "idmap", "features", "cpu", "clock"],
  ...["on_poweroff", "on_reboot", "on_crash", "pm", "perf", "devices", "seclabel"],
] as const;

export const OS = [
  ...[
    "type",
    "firmware",
    "loader",
    "nvram",
    "kernel",
    "initrd",
    "cmdline",
    "dtb",
    "acpi",
    "boot",
    "bootmenu",
  ],
  ...["smbios", "bios"],
] as const;

export const CPU = ["model", "vendor", "topology", "cache", "maxphysaddr", "feature", "numa"] as const;

export const BACKING = [
  "hugepages",
  "nosharepages",
  "locked",
  "source",
  "access",
  "allocation",
  "discard",
] as const;

export const FEATURES = [
  "acpi",
  "apic",
  "hap",
  "pae",
  "privnet",
  "viridian",
  "hyperv",
  "kvm",
  "xen",
] as const;

export const DEVICES = [
  ...[
    "emulator",
    "disk",
    "controller",
    "lease",
    "filesystem",
    "interface",
    "smartcard",
    "serial",
    "parallel",
  ],
  ...["console", "channel", "input", "tpm", "graphics", "sound", "audio", "video", "hostdev", "redirdev"],
  ...[
    "redirfilter",
    "hub",
    "watchdog",
    "memballoon",
    "rng",
    "nvram",
    "panic",
    "shmem",
    "memory",
    "iommu",
    "vsock",
  ],
] as const;
