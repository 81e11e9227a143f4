// The guest's own side of its NICs: what `genxml cloud-init` writes, read by the guest's own tool.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootable, genxml } from "./generate.ts";

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
 * What a guest runs at boot: exactly what genxml writes for it.
 *
 * @param more what else it does before it answers, such as using an address out of its prefixes
 */
export const bootScript = (name: string, interfaces: readonly object[], more = ""): string =>
  // The lab's system has brought up lo, and with it the kernel 127.0.0.1, which ifup wants to add itself.
  `ip addr del 127.0.0.1/8 dev lo${ifup(interfacesFile(name, interfaces))}\n${more}`;

/** The XML of a guest whose only configuration is that. */
export const configured = (name: string, interfaces: readonly object[], more?: string): string =>
  bootable(name, interfaces, bootScript(name, interfaces, more));
