import type { JsonSchema } from "@valibot/to-json-schema";
import { schemaOfFile } from "../../text/json-schema.ts";
import { writtenProfile } from "./profile.ts";
import { driveObject, writtenDisk } from "./devices.ts";
import { bridgeInterface, macvtapInterface, networkInterface, ovsInterface, routedInterface } from "./interface.ts";

// Conditions between the keys of one object, as far as JSON Schema can express them. The parser has code for the same, with
// messages for people (rules/); a test holds the two against each other.

/** An object in which all of these keys are there, and such. */
const having = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  properties: { ...properties },
  required: Object.keys(properties),
});
const only = (value: string | boolean): JsonSchema => ({ const: value });
const has = (...keys: string[]): JsonSchema => ({ required: keys });
const none = (...keys: string[]): JsonSchema => ({ not: { anyOf: keys.map((key) => has(key)) } });

/** Not these values side by side. */
const never = (...together: readonly Readonly<Record<string, JsonSchema>>[]): readonly JsonSchema[] =>
  together.map((properties) => ({ not: having(properties) }));

/** Machines with an i440FX. */
const PC = "^pc($|-i440fx-)";

const emulated = { enum: ["host-passthrough", "host-model"] };
const profileRules: readonly JsonSchema[] = never(
  { virtType: only("qemu"), cpu: { anyOf: [emulated, { type: "object", ...having({ model: emulated }) }] } },
  { maxMemory: {}, balloon: only(false) },
  { onPoweroff: only("restart"), onReboot: only("destroy") },
  { virtType: only("qemu"), hyperv: { not: only(false) } },
  { arch: only("aarch64"), machine: { not: { pattern: "^virt" } } },
  { arch: only("aarch64"), firmware: { not: only("uefi") } },
  { arch: only("aarch64"), video: { not: { enum: ["none", "virtio"] } } },
  { arch: only("aarch64"), hyperv: { not: only(false) } },
  { arch: only("aarch64"), os: { enum: ["windows", "windows11"] } },
  { arch: only("aarch64"), tpm: { type: "object", ...having({ model: only("tpm-crb") }) } },
  { machine: { pattern: PC }, firmware: only("uefi-secure") },
);

const platformRules: readonly JsonSchema[] = [
  {
    if: { ...having({ machine: { pattern: "^virt" } }) },
    then: having({ arch: only("aarch64") }),
  },
  { not: { ...having({ machine: { pattern: PC }, os: only("windows11") }), ...none("firmware") } },
  // Their disks are on SATA, which has none that are read-only.
  {
    if: having({ os: { enum: ["windows", "windows11", "other"] } }),
    then: {
      properties: {
        disks: {
          items: {
            not: {
              ...having({ readonly: only(true) }),
              ...none("bus"),
              properties: { readonly: only(true), device: { not: only("cdrom") }, target: { not: { pattern: "^vd" } } },
            },
          },
        },
      },
    },
  },
];

/** Requires exactly one of vlan and trunk, and permits native only with trunk. */
const oneOfVlanAndTrunk: JsonSchema = { oneOf: [{ ...has("vlan"), ...none("native") }, has("trunk")] };
const vlanRules: JsonSchema = {
  if: having({ filtering: only(false) }),
  then: none("vlan", "trunk", "native"),
  else: oneOfVlanAndTrunk,
};
/** Without a native VLAN a trunk drops the guest's untagged frames, and these are what addresses are for. */
const untaggedRules: readonly JsonSchema[] = [
  { not: { ...having({ trunk: {}, addresses: { minItems: 1 } }), ...none("native") } },
  { not: { ...has("trunk", "sharedAddresses"), ...none("native") } },
];
/** Only a trunk has tagged VLANs. */
const taggedRules: JsonSchema = { not: { ...has("vlanAddresses"), ...none("trunk") } };
/** The guest's driver of virtio joins the two halves of a pair. */
const pairRules: readonly JsonSchema[] = never({ failover: {}, model: { not: only("virtio") } });
const portRules = [vlanRules, ...untaggedRules, taggedRules, ...pairRules];
const bridgeRules = [
  ...portRules,
  ...never(
    { filtering: only(false), antispoof: only(true) },
    { filtering: only(false), macs: {} },
    { antispoof: only(false), macs: {} },
  ),
];

const routedRules = never(
  { vrf: {}, table: {} },
  { vrf: {}, reach: only("uplink-only") },
  { proxy: {}, anycast: { not: only(false) } },
);

const macvtapRules: readonly JsonSchema[] = [
  { if: has("vlan"), then: having({ mode: only("passthrough") }) },
  ...pairRules,
];

const aSource = [
  { ...has("source"), ...none("pool", "volume") },
  { ...has("pool", "volume"), ...none("source") },
];
const nothing = none("source", "pool", "volume");
const targetRules = never(
  { target: { pattern: "^vd" }, bus: { not: only("virtio") } },
  { target: { not: { pattern: "^vd" } }, bus: only("virtio") },
);
const cdromRules = never({ bus: only("virtio") });
const otherFormat: JsonSchema = { pattern: "\\.(qcow2?|qed|vmdk|vdi|vhd|vhdx)$" };
const diskRules: readonly JsonSchema[] = [
  ...targetRules,
  {
    if: having({ device: only("cdrom") }),
    then: { allOf: [{ anyOf: [...aSource, nothing] }, ...cdromRules] },
    else: {
      allOf: [
        { anyOf: aSource },
        ...never(
          { readonly: only(true), bus: only("sata") },
          { shareable: only(true), format: { not: only("raw") } },
        ),
        {
          if: { ...having({ shareable: only(true) }), ...none("format") },
          then: { properties: { source: { not: otherFormat }, volume: { not: otherFormat } } },
        },
      ],
    },
  },
];

const RULES: ReadonlyMap<unknown, readonly JsonSchema[]> = new Map<unknown, readonly JsonSchema[]>([
  [writtenProfile, [...profileRules, ...platformRules]],
  [bridgeInterface, bridgeRules],
  [ovsInterface, portRules],
  [routedInterface, routedRules],
  [macvtapInterface, macvtapRules],
  [networkInterface, pairRules],
  [writtenDisk, diskRules],
  [driveObject, [...targetRules, ...cdromRules, { anyOf: [...aSource, nothing] }]],
]);

const rulesOf = (schema: unknown): JsonSchema => {
  const rules = RULES.get(schema);
  return rules === undefined ? {} : { allOf: [...rules] };
};

/** The JSON Schema of `guest.json`, for editors: what of a profile can be checked and explained without reading it as a whole. */
export const guestSchema = (): JsonSchema =>
  schemaOfFile(
    "guest.json",
    "Profile of a KVM guest, from which genxml generates libvirt domain XML. If template is set, absent keys keep the template's values.",
    writtenProfile,
    rulesOf,
  );
