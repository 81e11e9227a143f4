import type { Issue } from "../../values/issue.ts";
import { asList, asObject } from "../../values/json.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { size } from "../schema/strings.ts";
import { safeParse } from "valibot";

type Numbers = Readonly<Record<string, number>>;

const numbersOf = (value: unknown): Numbers =>
  Object.fromEntries(
    Object.entries(asObject(value) ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );

/** libvirt refuses another product at define: "CPU topology doesn't match maximum vcpu count". */
const checkVcpus = ({ value, issue }: Document): readonly Issue[] => {
  const vcpus = asObject(asObject(value)?.["vcpus"]);
  if (vcpus === null) return [];
  const { count, max = count } = numbersOf(vcpus);
  if (count === undefined || max === undefined) return [];
  const { sockets = 1, cores, threads = 1 } = numbersOf(vcpus["topology"]);
  const product = cores === undefined ? max : sockets * cores * threads;
  const pins = asList(vcpus["pinning"]).length;
  return [
    ...(max < count
      ? [issue("count", ["vcpus", "max"], `must be at least count, ${count}, found ${max}`)]
      : []),
    ...(product !== max
      ? [issue("count", ["vcpus", "topology"], `sockets × cores × threads must be ${max}, found ${product}`)]
      : []),
    ...(pins > 0 && pins !== max
      ? [issue("count", ["vcpus", "pinning"], `must be one set, or a list of ${max} sets, found ${pins}`)]
      : []),
  ];
};

const checkMemory = ({ value, issue }: Document): readonly Issue[] => {
  const { memory, maxMemory, balloon } = asObject(value) ?? {};
  if (maxMemory === undefined) return [];
  const [now, most] = [safeParse(size, memory), safeParse(size, maxMemory)];
  return [
    ...(now.success && most.success && most.output < now.output
      ? [issue("size", ["maxMemory"], `must be at least memory, ${found(memory)}, found ${found(maxMemory)}`)]
      : []),
    ...(balloon === false
      ? [
          issue(
            "wrong-choice",
            ["balloon"],
            `must be true if "maxMemory" is set (memory grows by the balloon), found false`,
          ),
        ]
      : []),
  ];
};

/** virtType qemu has no host CPU; libvirt refuses both at define. */
const checkCpu = ({ value, issue }: Document): readonly Issue[] => {
  const { cpu, virtType } = asObject(value) ?? {};
  const inside = asObject(cpu)?.["model"];
  const model = inside ?? cpu;
  return virtType === "qemu" && (model === "host-passthrough" || model === "host-model")
    ? [
        issue(
          "wrong-choice",
          inside === undefined ? ["cpu"] : ["cpu", "model"],
          `must be "maximum" or a model if virtType is "qemu", found ${found(model)}`,
        ),
      ]
    : [];
};

/** QEMU has one switch for both, and libvirt's driver refuses the two that contradict each other. */
const checkActions = ({ value, issue }: Document): readonly Issue[] => {
  const { onPoweroff, onReboot } = asObject(value) ?? {};
  return onPoweroff === "restart" && onReboot === "destroy"
    ? [issue("wrong-choice", ["onReboot"], `must be "restart" if onPoweroff is "restart", found "destroy"`)]
    : [];
};

const RULES = [checkVcpus, checkMemory, checkCpu, checkActions];

/** Checks rules between the parts of the hardware, which a schema cannot express. */
export const checkHardware = (document: Document): readonly Issue[] =>
  RULES.flatMap((check) => check(document));
