import type { Issue } from "../../values/issue.ts";
import { asRecord, interfacesOf } from "../../text/as-written.ts";
import type { Document } from "../../text/document.ts";

/** A queue pair is served by a vCPU: more of them than vCPUs only cost memory (QEMU, virtio-net `mq`). */
export const checkQueues = (document: Document): readonly Issue[] => {
  const vcpus = asRecord(document.value)?.["vcpus"] ?? 1;
  // What is no count at all is an error already.
  if (typeof vcpus !== "number" || !Number.isInteger(vcpus)) return [];
  return interfacesOf(document).flatMap(({ value: nic, path }) => {
    const queues = nic["queues"];
    if (typeof queues !== "number" || queues <= vcpus || queues > 256) return [];
    const message = `should be at most the number of vCPUs, ${vcpus}, found ${queues}; more are never served at the same time`;
    return [document.warning("queues", [...path, "queues"], message)];
  });
};
