import type { Weight } from "../report/account.ts";

// By path in the document, what libvirt writes for Xen's own sake, or what a guest of ours has anyway.
export const XENS_OWN: readonly (readonly [RegExp, readonly [Weight, string]])[] = [
  [/^devices\/emulator$/, ["note", "which QEMU Xen runs; libvirt chooses its own"]],
  [
    /^devices\/(controller|memballoon|input)(\/|$)/,
    ["note", "Xen's own, or made anew: a guest of ours has its controllers, balloon, mouse and keyboard"],
  ],
  [/\/(address|alias)$/, ["note", "its place on Xen's bus; libvirt gives it a new one"]],
  [/^features\/(acpi|apic)$/, ["note", "a guest of ours has it"]],
  [/^features\/(pae|hap|xen)(\/|$)/, ["note", "a setting inside Xen's hypervisor; KVM does without"]],
  [
    /^features\/(viridian|hyperv)(\/|$)/,
    ["step", "Hyper-V enlightenments, which make Windows faster: put <hyperv> into a template"],
  ],
  [/^features$/, ["note", "settings of Xen's; a guest of ours has ACPI and APIC"]],
  [
    /^cpu(\/|$)/,
    [
      "step",
      "the CPU is the host's (host-passthrough); features and NUMA nodes go into `cpu` of the profile or a template",
    ],
  ],
  [/^cputune(\/|$)/, ["step", "Xen's scheduler; on KVM: `virsh schedinfo`, or <cputune> in a template"]],
  [/^numatune(\/|$)/, ["step", "NUMA nodes of the old host: put it into a template"]],
  [
    /^os\/(nvram|acpi|smbios|bootmenu|bios)(\/|$)/,
    ["step", "firmware settings: put them into a template if the guest needs them"],
  ],
  [/^devices\/sound(\/|$)/, ["step", "a sound card: put it into a template if the guest needs it"]],
  [/^devices\/parallel(\/|$)/, ["step", "a parallel port: put it into a template if the guest needs it"]],
  [/^devices\/(rng|watchdog|panic)(\/|$)/, ["note", "a guest of ours has one that the profile says"]],
  [/^seclabel(\/|$)/, ["note", "libvirt labels guests by itself"]],
  [/^devices\/interface\/(boot|link)(\/|$)/, ["note", "its place in the boot order is the profile's"]],
  [/^devices\/disk\/boot$/, ["note", "its place in the boot order is the profile's"]],
  [
    /^devices\/interface\/(backenddomain)$/,
    ["person", "the network is another guest's, a driver domain; here it is the host's"],
  ],
  [/^metadata(\/|$)/, ["note", "notes of other programs on the old host"]],
  [
    /^xen:commandline(\/|$)/,
    ["person", "arguments for Xen's QEMU, which are never passed on: see what they were for"],
  ],
];
