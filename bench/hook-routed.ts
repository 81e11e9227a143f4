import { bare } from "../test/e2e/generate.ts";
import { installHook } from "../test/e2e/install-hook.ts";
import { openLab } from "../test/lab/lab.ts";
import { type Contender, calls, FLOORS, HOOK, measureOn, printBound, printTime } from "./in-lab.ts";

const guest = bare("vm", [{ type: "routed", addresses: ["2001:db8::53", "192.0.2.53"] }]).replaceAll(
  '"',
  "'",
);
const gone = `${HOOK} vm release end -`;
const made = `${HOOK} vm prepare begin -`;
const given = (command: string): string => `${command} </run/vm.xml`;

const contenders: readonly Contender[] = [
  ...FLOORS,
  { name: "prepare", before: given(gone), calls: calls(HOOK, ["prepare"], guest) },
  {
    name: "all calls of one virsh start",
    before: given(gone),
    calls: calls(HOOK, ["prepare", "start", "started"], guest),
  },
  {
    name: "all calls of one virsh destroy",
    before: given(made),
    calls: calls(HOOK, ["stopped", "release"], guest),
  },
];

/** A routed guest, on this machine's own kernel. */
export const benchRouted = async (rounds: number): Promise<void> => {
  const lab = await openLab(["nft-inet"]);
  try {
    const host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    await installHook(host);
    await host.writeFile("/run/vm.xml", guest);
    const times = await measureOn(host, contenders, rounds);
    console.log("\nA routed guest\n");
    for (const [name, ms] of times) printTime(name, ms);
    const time = (name: string): number => times.get(name) ?? NaN;
    console.log("");
    printBound("all calls / node -e 0", time("all calls of one virsh start") / time("node -e 0"), 1.8);
  } finally {
    await lab.close();
  }
};
