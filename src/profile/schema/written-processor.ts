import * as v from "valibot";
import { CPU_MODES, CPU_POLICIES } from "../../guest/hardware.ts";
import { choice, count, list, match, object, optional, required } from "../../text/leaf.ts";
import { say } from "../../text/say.ts";

const vcpuCount = count(1, 512);

const cpuSet = match(
  /^[0-9]{1,4}(-[0-9]{1,4})?(,\^?[0-9]{1,4}(-[0-9]{1,4})?)*$/,
  say("cpu-set", 'must be a set of host CPUs such as "4", "0-3" or "0-7,^2"'),
);

const topology = object({
  sockets: optional(vcpuCount, "Sockets of the guest. Default: 1."),
  cores: required(vcpuCount, "Cores of each socket."),
  threads: optional(count(1, 8), "Threads of each core. Default: 1."),
});

export const writtenVcpus = v.union(
  [
    vcpuCount,
    object({
      count: required(vcpuCount, "How many the guest has when it starts."),
      max: optional(vcpuCount, "How many it can get while it runs: virsh setvcpus. Default: count."),
      topology: optional(
        topology,
        "Sockets, cores and threads; their product is max. Default: one socket of max cores.",
      ),
      pinning: optional(
        v.union(
          [cpuSet, list(cpuSet)],
          say("cpu-set", "must be a set of host CPUs, or a list with one for each vCPU"),
        ),
        "Host CPUs: one set for all vCPUs, or a list with one set for each. Default: all host CPUs.",
      ),
    }),
  ],
  say("count", "must be a whole number from 1 to 512, or an object with count, max, topology and pinning"),
);

const modelRule = say(
  "wrong-choice",
  `must be ${CPU_MODES.map((m) => `"${m}"`).join(" or ")}, or a model such as "EPYC-Rome"`,
);
// What only looks like a mode is rather a slip than a model.
const cpuModel = v.union(
  [v.picklist(CPU_MODES, modelRule), match(/^(?!host|max)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, modelRule)],
  modelRule,
);
const featureName = match(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  say("text", 'must be the name of a CPU feature such as "vmx"'),
);

export const writtenCpu = v.union(
  [
    cpuModel,
    object({
      model: optional(
        cpuModel,
        "host-passthrough, host-model, maximum, or a model that all hosts have. Default: host-passthrough; maximum where virtType is qemu.",
      ),
      features: optional(
        v.record(featureName, choice(CPU_POLICIES), say("wrong-type", "must be an object of CPU features")),
        'CPU features, each with its policy: { "vmx": "disable" }. Default: those of the model.',
      ),
    }),
  ],
  say(
    "wrong-choice",
    'must be a CPU such as "host-passthrough" or "EPYC-Rome", or an object with model and features',
  ),
);
export type WrittenVcpus = v.InferOutput<typeof writtenVcpus>;
export type WrittenCpu = v.InferOutput<typeof writtenCpu>;
