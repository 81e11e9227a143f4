import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { guestImage, type Machine } from "../lab/lab.ts";
import { HERE, hostRoutes, routedTo, settled } from "./stage/moves/moving-guest.ts";
import { type RoutingDaemon, START_COMMANDS } from "./stage/hosts/routing.ts";
import type { TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./stage/hosts/two-hosts-routed.ts";

const PAGE = "docs/tutorial/first-migration.md";
const text = readFileSync(PAGE, "utf8");
const fence = (info: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${info}\n([^]*?)^\`\`\``, "gm"))].map(([, block = ""]) => block);

const DAEMONS = [
  ["BIRD 2", "bird"],
  ["FRR", "frr"],
] as const satisfies readonly (readonly [RoutingDaemon, string])[];

/** The guide's guest, with the lab's tiny system in place of a disk. */
const profile = (): string => {
  const image = guestImage();
  const { kernel, initrd, memory } = image;
  const guest = JSON.parse(fence("json profile dns1.json")[0] ?? "") as object;
  const boot = { kernel, initrd, cmdline: image.cmdline("true") };
  return JSON.stringify({ ...guest, memory: `${String(memory)} MiB`, virtType: "qemu", boot });
};

/** Programs as an installation has them, and a systemctl that starts the routing daemon: the lab has no systemd. */
const equip = async (host: Machine, daemon: RoutingDaemon): Promise<void> => {
  for (const program of ["genxml", "guestnet"]) {
    const script = `#!/bin/sh\nexec ${process.execPath} ${process.cwd()}/dist/${program}.js "$@"\n`;
    await host.writeFile(`/run/bin/${program}`, script, 0o755);
  }
  await host.writeFile("/run/bin/systemctl", `#!/bin/sh\n${START_COMMANDS[daemon]}\n`, 0o755);
  await host.writeFile("/run/guide/dns1.json", profile());
  await host.sh(`
    ln -s ${process.cwd()}/templates /run/guide/templates
    printf '10.9.9.1 h1\\n10.9.9.2 h2\\n' >>/etc/hosts`);
};

const run = (host: Machine, block: string): Promise<string> =>
  host.sh(`cd /run/guide; PATH=/run/bin:$PATH; ${block}`);

/** Two hosts on which the guide has been followed, from nothing to a moved guest. */
const follow = async (daemon: RoutingDaemon, short: string): Promise<TwoHosts> => {
  const two = await openRouted(null);
  for (const { machine } of [two.h1, two.h2]) {
    await machine.sh("rm /etc/libvirt/hooks/qemu");
    await equip(machine, daemon);
  }
  const [start = "", move = "", ...more] = fence("sh h1");
  expect(more).toEqual([]);
  for (const { machine } of [two.h1, two.h2])
    for (const block of [...fence("sh both"), ...fence(`sh both ${short}`)]) await run(machine, block);
  await run(two.h1.machine, start);
  await routedTo(two, two.h1);
  await run(two.h1.machine, move);
  await routedTo(two, two.h2);
  await settled(two.h2);
  return two;
};

describeInLab("the guide to migration, as it is written", ROUTED_NEEDS, () => {
  const followed = new Map<RoutingDaemon, Promise<TwoHosts>>();
  beforeAll(() => {
    // Both at the same time: most of it is waiting.
    for (const [daemon, short] of DAEMONS) {
      const two = follow(daemon, short);
      two.catch(() => undefined); // it is its test that fails
      followed.set(daemon, two);
    }
  });
  afterAll(async () => {
    for (const two of followed.values()) await (await two.catch(() => null))?.lab.close();
  });

  test.each(DAEMONS.map(([daemon]) => daemon))(
    "leads from nothing to a moved guest with %s",
    async (daemon) => {
      const two = await followed.get(daemon);
      if (two === undefined) throw new Error(`${daemon} has not been tried`);
      expect(await hostRoutes(two.h2.machine)).toEqual(HERE);
      expect((await two.h2.libvirt.virsh("domstate", "dns1")).stdout.trim()).toBe("running");
    },
  );
});
