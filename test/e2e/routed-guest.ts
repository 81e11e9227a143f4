import { expect } from "@jest/globals";
import type { Guest, Libvirt, Machine } from "../lab/lab.ts";
import { configured } from "./guest-side.ts";
import { launch } from "./host.ts";

/** Waits until a guest is there, and its ifup has been content with the file. */
export const expectConfigured = async (guest: Guest): Promise<void> => {
  await guest.ready();
  expect(await guest.sh("cat /ifup.log; exit $(cat /ifup.status)")).toMatchObject({ code: 0 });
};

/** Starts such a guest, and waits until it is configured. */
export const launchConfigured = async (
  libvirt: Libvirt,
  name: string,
  interfaces: readonly object[],
  more?: string,
): Promise<void> => {
  await launch(libvirt, name, configured(name, interfaces, more));
  await expectConfigured(libvirt.guest(name));
};

/** Whether the guest is answered from there. */
export const reaches = async (guest: Guest, to: string): Promise<boolean> =>
  (await guest.sh(`ping -c 1 -W 3 ${to}`)).code === 0;

/** From which of these addresses the guest is answered: all are asked at once. */
export const reached = async (guest: Guest, ...all: readonly string[]): Promise<readonly string[]> => {
  const ask = "{ ping -c 1 -W 3 $to >/dev/null && echo $to; }";
  const { stdout } = await guest.sh(`for to in ${all.join(" ")}; do ${ask} & done; wait`);
  const answered = stdout.split("\n");
  return all.filter((to) => answered.includes(to));
};

/** Whether the machine is answered from there; more options are for iputils' ping. */
export const answers = async (
  machine: Machine,
  to: string,
  ...options: readonly string[]
): Promise<boolean> => (await machine.run(["ping", "-c", "1", "-W", "3", ...options, to])).code === 0;

/** The guest pings them all at once with a source address that is not its own. */
export const spoof = async (guest: Guest, source: string, ...targets: readonly string[]): Promise<void> => {
  const own = `${source}/${source.includes(":") ? "128" : "32"} dev eth0`;
  const ping = `for to in ${targets.join(" ")}; do ping -c 1 -W 1 -I ${source} $to & done; wait`;
  await guest.sh(`ip addr add ${own}; ${ping}; ip addr del ${own}`);
};
