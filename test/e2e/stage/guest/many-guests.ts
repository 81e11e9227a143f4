import { type Lab, type Machine, openLab } from "../../../lab/lab.ts";
import { bare } from "./generate.ts";
import { guestnetOn } from "../guestnet.ts";

export const MANY_NEEDS = ["nft-inet", "libvirt"] as const;

/** A host with many running guests, as far as guestnet can see: their domains are in libraries of libvirt's test driver. */
export interface ManyGuests {
  readonly lab: Lab;
  readonly host: Machine;
  /** Options of guestnet for all of them, and for the first alone. */
  readonly all: readonly string[];
  readonly one: readonly string[];
}

/** What libvirt's test driver takes of a domain. */
const toTestDomain = (xml: string): string => {
  const part = (name: string): string => new RegExp(`<${name}[ >][^]*?</${name}>`).exec(xml)?.[0] ?? "";
  const parts = ["name", "uuid", "metadata", "memory"].map(part).join("");
  return `<domain type="test">${parts}<os><type>hvm</type></os><devices>${part("interface")}</devices></domain>`;
};

/** One profile, with each guest's own names and addresses put in: as many runs of genxml would take a minute. */
const domainsOf = (guests: number): readonly string[] => {
  const nic = { type: "routed", addresses: ["2001:db8:77::a000", "10.77.77.77"] };
  const xml = toTestDomain(bare("many0", [nic]));
  return Array.from({ length: guests }, (_, index) => {
    const hex = index.toString(16).padStart(4, "0");
    return xml
      .replaceAll("many0", `many${String(index)}`)
      .replace(/<uuid>.*<\/uuid>/, `<uuid>00000000-0000-5000-8000-00000000${hex}</uuid>`)
      .replaceAll(/52:54:00:\w\w:\w\w:\w\w/g, `52:54:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`)
      .replace("2001:db8:77::a000", `2001:db8:77::a:${hex}`)
      .replace("10.77.77.77", `10.77.${String(index >> 8)}.${String(index & 255)}`);
  });
};

const libraryOf = (domains: readonly string[]): string => `<node>${domains.join("\n")}</node>`;

/** Returns a library of libvirt's test driver for each of so many hosts, with guests of its own. */
export const librariesOf = (hosts: number, guests: number): readonly string[] => {
  const domains = domainsOf(hosts * guests);
  return Array.from({ length: hosts }, (_, at) => libraryOf(domains.slice(at * guests, (at + 1) * guests)));
};

/** Opens a lab with so many guests, whose taps `guestnet apply` has made. */
export const openMany = async (guests: number): Promise<ManyGuests> => {
  const lab = await openLab(MANY_NEEDS);
  try {
    const host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    const domains = domainsOf(guests);
    const library = async (name: string, of: readonly string[]): Promise<readonly string[]> => {
      await host.writeFile(`/run/${name}.xml`, libraryOf(of));
      return ["-c", `test:///run/${name}.xml`];
    };
    const [all, one] = [await library("all", domains), await library("one", domains.slice(0, 1))];
    const { code, stderr } = await guestnetOn(host, "apply", "--yes", ...all);
    if (code !== 0 || !/^\d+ commands run$/.test(stderr.split("\n").at(-2) ?? "")) throw new Error(stderr);
    return { lab, host, all, one };
  } catch (error) {
    await lab.close();
    throw error;
  }
};
