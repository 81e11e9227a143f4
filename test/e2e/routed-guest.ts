import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type { Guest, Libvirt, Machine } from "../lab/lab.ts";
import { bootable, genxml } from "./generate.ts";
import { launch } from "./host.ts";

/** The /etc/network/interfaces that the built genxml writes for a guest with these interfaces: `cloud-init --format ifupdown`. */
export const interfacesFile = (name: string, interfaces: readonly object[]): string => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-interfaces-"));
  try {
    const cloudInit = { dns: { servers: ["2001:db8::53"], search: ["example.org"] } };
    const profile = JSON.stringify({ name, memory: "1 GiB", interfaces, cloudInit });
    const ran = genxml(["cloud-init", "-", "-o", folder, "--format", "ifupdown"], profile);
    if (ran.status !== 0) throw new Error(ran.stderr);
    return readFileSync(join(folder, "interfaces"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Shell commands that put the file into place and have the system's own ifup read it. */
export const ifup = (file: string, which = "-a"): string => `
mkdir -p /var/run /etc/network/if-pre-up.d /etc/network/if-up.d
cat >/etc/network/interfaces <<'END'
${file}END
ifup ${which} -v >/ifup.log 2>&1; echo $? >/ifup.status`;

/**
 * The XML of a guest whose only configuration is what genxml writes, read by its ifup.
 *
 * @param more what else the guest does before it answers, such as using an address out of its prefixes
 */
export const configured = (name: string, interfaces: readonly object[], more = ""): string =>
  bootable(
    name,
    interfaces,
    // The lab's system has brought up lo, and with it the kernel 127.0.0.1, which ifup wants to add itself.
    `ip addr del 127.0.0.1/8 dev lo${ifup(interfacesFile(name, interfaces))}\n${more}`,
  );

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

/** The guest pings with a source address that is not its own. */
export const spoof = async (guest: Guest, source: string, to: string): Promise<void> => {
  const own = `${source}/${source.includes(":") ? "128" : "32"} dev eth0`;
  await guest.sh(`ip addr add ${own}; ping -c 1 -W 1 -I ${source} ${to}; ip addr del ${own}`);
};
