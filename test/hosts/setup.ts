// Makes the systems of whole hosts, of each release: `npx tsx test/hosts/setup.ts [RELEASE...]`. Takes some minutes the first time.
import { argv } from "node:process";
import { type Suite, SUITES } from "../fresh/bootstrap.ts";
import { openHostsOf } from "./hosts.ts";
import { logsOf, makeSystem, systemOf } from "./system.ts";

const say = (line: string): void => {
  console.error(`hosts setup: ${line}`);
};

/**
 * Starts a new system and lets libvirt ask its QEMU for all that it can do: the first start of a guest would wait 80 s for it.
 * The answer is kept, without the ability to name each property of a CPU: libvirt would ask for 400 of them, one by one, at each
 * start of a guest (qemuMonitorJSONGetGuestCPU).
 */
const warm = async (directory: string, suite: Suite): Promise<void> => {
  const hosts = await openHostsOf({ directory, changes: true }, logsOf("setup"), ["libvirt"]);
  try {
    const host = await hosts.host(suite);
    const libvirt = await host.libvirt();
    const asked = await libvirt.virsh("domcapabilities", "--virttype", "qemu");
    if (asked.code !== 0) throw new Error(`virsh domcapabilities: ${asked.stderr}`);
    await host.sh(`systemctl stop libvirtd libvirtd.socket libvirtd-ro.socket
      find /var/cache/libvirt/qemu/capabilities -name '*.xml' -exec sed -i "/<flag name='cpu-unavailable-features'/d" {} +
      rm -rf /var/log/journal/* /etc/machine-id
      : >/etc/machine-id`);
    await host.shutDown();
  } finally {
    await hosts.close();
  }
};

if (process.getuid?.() !== 0) {
  say("nothing is made: mounts and other users' files take root");
  process.exit(0);
}
const named = SUITES.filter((suite) => argv.includes(suite));
for (const suite of named.length > 0 ? named : SUITES) {
  await makeSystem(suite, (root) => warm(root, suite), say);
  say(`ready, the system of ${suite} is ${systemOf(suite)}`);
}
