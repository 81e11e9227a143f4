import type { Agent } from "../environment/agent.ts";
import { createGuest, type Guest } from "../guest/guest.ts";
import { here } from "../here.ts";
import type { Commands } from "./machine.ts";
import type { Ran } from "../environment/protocol.ts";

/** How a machine's libvirtd is started and stopped; each ends when that is done. */
export interface Daemon {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** As "systemctl restart": the guests keep running. */
  restart(): Promise<void>;
}

/** The libvirtd of one machine. */
export interface Libvirt extends Daemon {
  /** `virsh -q -c qemu:///system ARGS`. */
  virsh(...args: readonly string[]): Promise<Ran>;
  /** Defines a guest, with libvirt's check against its schema. */
  define(xml: string): Promise<Ran>;
  guest(name: string): Guest;
}

const VIRSH = ["virsh", "-q", "-c", "qemu:///system"];
/** A file, because what node gives a process as standard input is a socket, and nobody can open /dev/stdin then. */
const DEFINE = `xml=$(mktemp /run/define-XXXXXX.xml); cat >"$xml"; ${VIRSH.join(" ")} define --validate "$xml"`;
/** Long: a `virsh start` asks QEMU a lot of questions, and UML on a loaded machine takes its time. */
const VIRSH_MS = 180_000;
const DAEMON_MS = 120_000;

/** libvirtd as the lab itself starts it, in a machine that has no systemd. */
export async function prepareDaemon(machine: Commands, capabilities: string): Promise<Daemon> {
  const daemon = async (action: "prepare" | "start" | "stop"): Promise<void> => {
    const argv = ["sh", here("machine/libvirt.sh"), action, capabilities];
    const { code, stdout, stderr } = await machine.run(argv, { timeoutMs: DAEMON_MS });
    if (code !== 0) throw new Error(`machine ${machine.name}: cannot ${action} libvirtd: ${stdout}${stderr}`);
  };
  await daemon("prepare");
  return {
    start: () => daemon("start"),
    stop: () => daemon("stop"),
    async restart() {
      await daemon("stop");
      await daemon("start");
    },
  };
}

/** The libvirt of a machine whose daemon runs. */
export function createLibvirt(agent: Agent, machine: Commands, daemon: Daemon): Libvirt {
  const virsh: Libvirt["virsh"] = (...args) => machine.run([...VIRSH, ...args], { timeoutMs: VIRSH_MS });
  const guests = new Map<string, Guest>();
  return {
    ...daemon,
    virsh,
    define: (xml) => machine.run(["sh", "-c", DEFINE], { stdin: xml, timeoutMs: VIRSH_MS }),
    // One for each name: two readers of one serial port would each get half of what the guest says.
    guest(name) {
      const guest = guests.get(name) ?? createGuest(agent, machine.ns, name, virsh);
      guests.set(name, guest);
      return guest;
    },
  };
}
