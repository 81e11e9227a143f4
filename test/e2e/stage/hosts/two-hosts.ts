import { type HookEngine, NODE, preferredEngine } from "../../../lab/engines.ts";
import { type Ability, type Lab, type Libvirt, type Machine, openLab, type Ran } from "../../../lab/lab.ts";
import { installHook } from "../host/install-hook.ts";

/** A host with libvirt and our hook, and where the other one finds it. */
export interface LabHost {
  readonly machine: Machine;
  readonly libvirt: Libvirt;
  /** Its address on the cable that guests move over. */
  readonly address: string;
}

/** Two hosts, whose hooks run on either engine, and a third machine between their uplinks; a cable of its own joins the hosts, for what moves. */
export interface TwoHosts {
  readonly lab: Lab;
  readonly h1: LabHost;
  readonly h2: LabHost;
  /** Has the far ends of both uplinks as ports `h1` and `h2` of its bridge `sw0`. */
  readonly middle: Machine;
}

const MIGRATE_MS = 180_000;

/**
 * Starts h1 and h2, each with an uplink `up0`, and the machine `middle`, whose bridge `sw0` has both. No addresses, no VLANs
 * and no routes yet: see two-hosts-routed.ts and two-hosts-switched.ts.
 *
 * @param middleName the host name of the machine between them
 * @param before what a host needs before its libvirtd starts
 */
export const openTwoHosts = async (
  needs: readonly Ability[],
  middleName: string,
  before: (host: Machine) => Promise<unknown>,
): Promise<TwoHosts> => {
  const lab = await openLab(needs);
  try {
    const middle = await lab.machine(middleName);
    await middle.sh("ip link add sw0 type bridge mcast_snooping 0; ip link set sw0 up");
    const machines = [await lab.machine("h1"), await lab.machine("h2")] as const;
    const [m1, m2] = machines;
    await lab.wire(m1, "move0", m2, "move0");
    const start = async (machine: Machine, number: number, engine: HookEngine): Promise<LabHost> => {
      const address = `10.9.9.${String(number)}`;
      await lab.wire(machine, "up0", middle, machine.name);
      await middle.sh(`ip link set ${machine.name} master sw0`);
      await machine.sh(`ip addr add ${address}/24 dev move0`);
      await before(machine);
      await installHook(machine, engine);
      return { machine, address, libvirt: await machine.libvirt() };
    };
    return { lab, middle, h1: await start(m1, 1, NODE), h2: await start(m2, 2, preferredEngine()) };
  } catch (error) {
    await lab.close();
    throw error;
  }
};

/** `virsh migrate`, live and peer to peer, over the hosts' own cable. Says what virsh said. */
export const migrate = (
  name: string,
  from: LabHost,
  to: LabHost,
  ...options: readonly string[]
): Promise<Ran> =>
  from.machine.run(
    [
      ...["virsh", "-q", "-c", "qemu:///system", "migrate", "--live", "--p2p", ...options, name],
      ...[`qemu+tcp://${to.address}/system`, `tcp://${to.address}`],
    ],
    { timeoutMs: MIGRATE_MS },
  );

/** Ends and forgets all guests of a host. */
export const clear = ({ machine }: LabHost): Promise<string> =>
  machine.sh(`
    for guest in $(virsh -q -c qemu:///system list --all --name); do
      for command in destroy undefine; do virsh -q -c qemu:///system $command $guest || true; done
    done 2>&1`);
