import { bare } from "../test/e2e/stage/guest/generate.ts";
import type { HookEngine } from "../test/lab/engines.ts";
import { openLab } from "../test/lab/lab.ts";
import {
  AT_MOST,
  type Contender,
  calls,
  ENGINES,
  FLOORS,
  hookOf,
  installHooks,
  measureOn,
  printBound,
  printTime,
} from "./in-lab.ts";

const guest = bare("vm", [{ type: "routed", addresses: ["2001:db8::53", "192.0.2.53"] }]).replaceAll(
  '"',
  "'",
);

const contendersOf = (engine: HookEngine): readonly Contender[] => {
  const hook = hookOf(engine);
  const gone = `${hook} vm release end - </run/vm.xml`;
  const made = `${hook} vm prepare begin - </run/vm.xml`;
  return [
    { name: `prepare, ${engine.name}`, before: gone, calls: calls(hook, ["prepare"], guest) },
    {
      name: `all calls of one virsh start, ${engine.name}`,
      before: gone,
      calls: calls(hook, ["prepare", "start", "started"], guest),
    },
    {
      name: `all calls of one virsh destroy, ${engine.name}`,
      before: made,
      calls: calls(hook, ["stopped", "release"], guest),
    },
  ];
};

/** A routed guest, on this machine's own kernel. */
export const benchRouted = async (rounds: number): Promise<void> => {
  const lab = await openLab(["nft-inet"]);
  try {
    const host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    await installHooks(host);
    await host.writeFile("/run/vm.xml", guest);
    const times = await measureOn(host, [...FLOORS, ...ENGINES.flatMap(contendersOf)], rounds);
    console.log("\nA routed guest\n");
    for (const [name, ms] of times) printTime(name, ms);
    const time = (name: string): number => times.get(name) ?? NaN;
    console.log("");
    for (const { name } of ENGINES) {
      const ratio = time(`all calls of one virsh start, ${name}`) / time("node -e 0");
      printBound(`all calls / node -e 0, ${name}`, ratio, AT_MOST[name]);
    }
  } finally {
    await lab.close();
  }
};
