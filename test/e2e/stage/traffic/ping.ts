import type { Guest, Machine } from "../../../lab/lab.ts";

// Both pings wait as -W says. One question may get lost, or meet a machine that is busy, or a moved guest whose emulated processor
// stands still for a while: whoever has to be reached is asked again, for almost as long as a command may take. Whoever must not be is
// asked once: the lab's networks answer within milliseconds.
const AGAIN = "for i in $(seq 20); do";

const patiently = (ping: string): string => `${AGAIN} ${ping} && exit 0; sleep 0.2; done; exit 1`;

/** Whether the guest is answered from there, in the end. */
export const reaches = async (guest: Guest, to: string, options = ""): Promise<boolean> =>
  (await guest.sh(patiently(`ping -c 1 -W 2 ${options} ${to}`))).code === 0;

/** Whether the guest is not answered from there. */
export const cannotReach = async (guest: Guest, to: string): Promise<boolean> =>
  (await guest.sh(`ping -c 1 -W 1 ${to}`)).code !== 0;

/** From which of these addresses the guest is answered: all are asked at once, three times if need be. */
export const reached = async (guest: Guest, ...all: readonly string[]): Promise<readonly string[]> => {
  const ask = "{ for i in 1 2 3; do ping -c 1 -W 1 $to >/dev/null && echo $to && break; done; }";
  const { stdout } = await guest.sh(`for to in ${all.join(" ")}; do ${ask} & done; wait`);
  const answered = stdout.split("\n");
  return all.filter((to) => answered.includes(to));
};

/** Whether the machine is answered from there, in the end; options are those of iputils' ping. */
export const answers = async (machine: Machine, to: string, options = ""): Promise<boolean> =>
  (await machine.run(["sh", "-c", patiently(`ping -c 1 -W 2 ${options} ${to}`)])).code === 0;

/** Whether the machine is not answered from there. */
export const isSilent = async (machine: Machine, to: string): Promise<boolean> =>
  (await machine.run(["ping", "-c", "1", "-W", "1", to])).code !== 0;

/** The guest pings them all at once with a source address that is not its own. */
export const spoof = async (guest: Guest, source: string, ...targets: readonly string[]): Promise<void> => {
  const own = `${source}/${source.includes(":") ? "128" : "32"} dev eth0`;
  // The kernel finds out in a work queue that it need not detect duplicates, and until then nobody can use the address.
  const usable = "for i in $(seq 50); do ip addr show dev eth0 | grep -q tentative || break; sleep 0.1; done";
  const ping = `for to in ${targets.join(" ")}; do ping -c 2 -W 1 -I ${source} $to & done; wait`;
  await guest.sh(`ip addr add ${own}; ${usable}; ${ping}; ip addr del ${own}`);
};
