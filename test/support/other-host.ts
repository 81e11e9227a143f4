import type { OpenHost } from "../../src/commands/guestnet/hosts/open-host.ts";
import { filesHere } from "../../src/commands/guestnet/system/files-here.ts";
import type { Ran } from "../../src/kernel/host.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { type HostUri, parseHostUri } from "../../src/run/host-uri.ts";
import { hostWith, start } from "./life.ts";
import { domainOf, xmlOf } from "./profiles.ts";

const ran = (stdout: string): Ran => ({ code: 0, stdout, stderr: "" });

/** A host of a test. */
export interface Other {
  readonly guests: readonly object[];
  readonly paused?: readonly object[];
  readonly broken?: boolean;
  /** What each run of virsh waits for. */
  readonly slow?: () => Promise<void>;
}

/** Connects to a host with these guests, on a fake kernel. */
export const openOther = async ({ guests, paused = [], broken = false, slow }: Other): Promise<OpenHost> => {
  const kernel = hostWith();
  for (const one of guests) await start(domainOf(one), kernel);
  if (broken) kernel.devices.get("web1-0")?.vlans.clear();
  const uuids = (all: readonly object[]): string => all.map((one) => `${domainOf(one).uuid}\n`).join("");
  const never = (): never => {
    throw new Error("only looking was expected");
  };
  const files = { ...filesHere, read: never };
  return {
    ...{ uri: "qemu:///system", byUri: never, chain: never, files, by: never },
    run: (file, args, stdin) =>
      args.includes("-batch") ? kernel.run(file, args, stdin) : Promise.resolve(ran("[]")),
    look: (work) => work(toAsked(kernel)),
    virsh: async (...args) => {
      await slow?.();
      if (args[0] !== "list") return ran(guests.map((one) => xmlOf(one).trim()).join("\n\n"));
      return ran(uuids(args.includes("--state-paused") ? paused : guests));
    },
    close: () => Promise.resolve(),
  };
};

/** Returns the URI of a host by ssh. */
export const sshUri = (host: string): HostUri => {
  const read = parseHostUri(`qemu+ssh://root@${host}/system`);
  if (read.ok) return read.value;
  throw new Error(read.problems.join());
};
