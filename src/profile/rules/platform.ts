import type { Issue } from "../../values/issue.ts";
import { asList, asObject, type JsonObject } from "../../values/json.ts";
import { disksOf } from "../../text/unchecked.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";

// What QEMU and libvirt refuse at define or at start, found where it is written.

type Check = (profile: JsonObject, document: Document) => readonly Issue[];

const startsWith = (value: unknown, ...starts: readonly string[]): boolean =>
  typeof value === "string" && starts.some((start) => value.startsWith(start));

/** A machine belongs to one architecture. */
const checkMachine: Check = ({ arch = "x86_64", machine }, { issue }) => {
  if (typeof machine !== "string" || startsWith(machine, "virt") === (arch === "aarch64")) return [];
  const wanted = arch === "aarch64" ? '"virt" or a version of it' : '"q35", "pc" or a version of one';
  return [
    issue("wrong-choice", ["machine"], `must be ${wanted} for arch ${found(arch)}, found ${found(machine)}`),
  ];
};

/** The values that the machine `virt` has, by key. */
const OF_VIRT: Readonly<Record<string, readonly unknown[]>> = {
  firmware: ["uefi"],
  video: ["none", "virtio"],
  hyperv: [false],
  os: ["linux", "freebsd", "openbsd", "other"],
};

const checkVirt: Check = (profile, { issue }) =>
  profile["arch"] !== "aarch64"
    ? []
    : Object.entries(OF_VIRT).flatMap(([key, values]) =>
        profile[key] === undefined || values.includes(profile[key])
          ? []
          : [
              issue(
                "wrong-choice",
                [key],
                `must be ${values.map(found).join(" or ")} for arch "aarch64", found ${found(profile[key])}`,
              ),
            ],
      );

/** QEMU has no TPM with this interface on Arm. */
const checkTpm: Check = ({ arch, tpm }, { issue }) =>
  arch === "aarch64" && asObject(tpm)?.["model"] === "tpm-crb"
    ? [issue("wrong-choice", ["tpm", "model"], 'must be "tpm-tis" for arch "aarch64", found "tpm-crb"')]
    : [];

/** Secure Boot keeps its variables by SMM, which only q35 has. */
const checkSecureBoot: Check = ({ machine, firmware, os }, { issue }) => {
  const isPc = machine === "pc" || startsWith(machine, "pc-i440fx-");
  const isSecure = firmware === "uefi-secure" || (firmware === undefined && os === "windows11");
  return isPc && isSecure
    ? [issue("wrong-choice", ["machine"], `must be "q35" for Secure Boot, found ${found(machine)}`)]
    : [];
};

/** QEMU has them only with KVM. */
const checkHyperv: Check = ({ virtType, hyperv }, { issue }) =>
  virtType === "qemu" && hyperv !== undefined && hyperv !== false
    ? [issue("wrong-choice", ["hyperv"], `must be false if virtType is "qemu", found ${found(hyperv)}`)]
    : [];

/** The disks of a system without virtio are on SATA, where QEMU has none that are read-only. */
const checkReadonly: Check = ({ os }, document) =>
  !startsWith(os, "windows", "other")
    ? []
    : disksOf(document).flatMap(({ value: disk, path }) =>
        disk["readonly"] === true &&
        disk["bus"] === undefined &&
        disk["device"] !== "cdrom" &&
        !startsWith(disk["target"], "vd")
          ? [
              document.issue(
                "wrong-choice",
                [...path, "readonly"],
                `a read-only disk must have "bus": "virtio" or "scsi" if os is ${found(os)}, found true`,
              ),
            ]
          : [],
      );

/** The guest mounts a directory by its name. */
const checkFilesystems: Check = ({ filesystems }, { issue }) => {
  const names = asList(filesystems).map((one) => asObject(one)?.["target"]);
  return names.flatMap((name, index) =>
    typeof name === "string" && names.indexOf(name) < index
      ? [issue("duplicate", ["filesystems", index, "target"], `${found(name)} is already another target`)]
      : [],
  );
};

const RULES: readonly Check[] = [
  ...[checkMachine, checkVirt, checkTpm, checkSecureBoot, checkHyperv],
  ...[checkReadonly, checkFilesystems],
];

/** Checks rules about the platform, which a schema cannot express. */
export const checkPlatform = (document: Document): readonly Issue[] => {
  const profile = asObject(document.value) ?? {};
  return RULES.flatMap((check) => check(profile, document));
};
