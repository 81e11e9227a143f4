import * as v from "valibot";
import { CPU_MODES, CPU_POLICIES } from "../model/hardware.ts";
import { accept, choice, count, list, object, optional, required } from "./leaf.ts";
import { say } from "./say.ts";

const vcpuCount = count(1, 512);

const cpuSet = accept(
  (text) => /^\d{1,4}(-\d{1,4})?(,\^?\d{1,4}(-\d{1,4})?)*$/.test(text),
  say("cpu-set", 'must be a set of host CPUs such as "4", "0-3" or "0-7,^2"'),
);

const topology = object({
  sockets: optional(vcpuCount, "Default: 1."),
  cores: required(vcpuCount, "Cores of each socket."),
  threads: optional(count(1, 8), "Threads of each core. Default: 1."),
});

export const writtenVcpus = v.union(
  [
    vcpuCount,
    object({
      count: required(vcpuCount, "How many the guest has when it starts."),
      max: optional(vcpuCount, "How many it can get while it runs. Default: count."),
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

const MODES: readonly string[] = CPU_MODES;
const cpuModel = accept(
  (text) =>
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text) && (MODES.includes(text) || !/^(host|max)/.test(text)),
  say(
    "wrong-choice",
    `must be ${CPU_MODES.map((m) => `"${m}"`).join(" or ")}, or a model such as "EPYC-Rome"`,
  ),
);
const featureName = accept(
  (text) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text),
  say("text", 'must be the name of a CPU feature such as "vmx"'),
);

export const writtenCpu = v.union(
  [
    cpuModel,
    object({
      model: optional(
        cpuModel,
        "host-passthrough, host-model, maximum, or a named model. Default: host-passthrough.",
      ),
      features: optional(
        v.record(featureName, choice(CPU_POLICIES), say("wrong-type", "must be an object of CPU features")),
        'CPU features, each with its policy: { "vmx": "disable" }.',
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
