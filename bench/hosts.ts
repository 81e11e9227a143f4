// What `guestnet status` of 50 hosts takes: `npm run bench-hosts [ROUNDS] [HOSTS]`. It needs the lab's packages.
//
// Each host is a machine of the lab with its own sshd, kernel state and ten guests of libvirt's test driver. All of them, the controller
// and its ssh share the processors of this machine: what real hosts do for themselves counts here as well.
import { openControlledHosts } from "../test/e2e/stage/hosts/controlled-hosts.ts";
import { guestnetOn } from "../test/e2e/stage/guestnet.ts";
import { librariesOf, MANY_NEEDS } from "../test/e2e/stage/guest/many-guests.ts";
import { type Contender, FLOORS, measureOn, printBound, printTime } from "./in-lab.ts";

const GUESTS = 10;
const SECONDS = 5;
const rounds = Number(process.argv[2] ?? 10);
const many = Number(process.argv[3] ?? 50);
const names = Array.from({ length: many }, (_, index) => `kvm${String(index + 1)}`);

/** libvirt of a host, as other hosts name it: virsh of the test driver. */
const VIRSH = '#!/bin/sh\nshift 3\nexec /usr/bin/virsh -q -c test:///run/guests.xml "$@"\n';

const { lab, controller, hosts } = await openControlledHosts(MANY_NEEDS, names);
try {
  const libraries = librariesOf(many, GUESTS);
  for (const [at, host] of hosts.entries()) {
    await host.sh("mkdir -p /usr/local/sbin; mount -t tmpfs tmpfs /usr/local/sbin");
    await host.writeFile("/usr/local/sbin/virsh", VIRSH, 0o755);
    await host.writeFile("/run/guests.xml", libraries[at] ?? "");
    const { code, stderr } = await guestnetOn(host, "apply", "--yes", "-c", "test:///run/guests.xml");
    if (code !== 0) throw new Error(stderr);
  }
  await controller.writeFile("/run/hosts", names.map((name) => `qemu+ssh://root@${name}/system\n`).join(""));
  const status = (...where: readonly string[]): Contender["calls"] => [
    {
      argv: ["env", "TMPDIR=/run", process.execPath, `${process.cwd()}/dist/guestnet.js`, "status", ...where],
    },
  ];
  const all = `status, ${String(many)} hosts of ${String(GUESTS)} guests`;
  const login = 'for host in "$@"; do ssh "root@$host" true & done; wait';
  const times = await measureOn(
    controller,
    [
      ...FLOORS,
      {
        name: `ssh to ${String(many)} hosts at once`,
        calls: [{ argv: ["sh", "-c", login, "sh", ...names] }],
      },
      { name: "status, 1 host", calls: status("--host", "qemu+ssh://root@kvm1/system") },
      { name: all, calls: status("--hosts", "/run/hosts", "--timeout", "60") },
    ],
    rounds,
  );
  console.log(`Node ${process.version}, medians of ${String(rounds)} interleaved rounds\n`);
  for (const [name, ms] of times) printTime(name, ms);
  printBound(`${all}, in seconds`, (times.get(all) ?? NaN) / 1000, SECONDS);
} finally {
  await lab.close();
}
