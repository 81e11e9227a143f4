// What a site of 3 hosts and 300 guests takes, from its files to its hosts: `npm run bench-site`. It needs the lab's packages.
//
// fixtures/site/make.mjs writes the profiles. Each host is a machine of the lab with its own libvirtd and sshd. Machines share the
// processors of this one, and guests are defined, not started.
import { installCollection, recapOf, runPlaybook } from "../test/e2e/stage/ansible.ts";
import { openControlledHosts } from "../test/e2e/stage/hosts/controlled-hosts.ts";
import type { Ran } from "../test/lab/lab.ts";
import { printTime } from "./in-lab.ts";

const NAMES = ["kvm1", "kvm2", "kvm3"] as const;
const GUESTS = 300;
const SITE = "/run/site";
const EXPORTS = ["hosts", "zone", "reverse", "dnsmasq", "ansible", "file-sd", "netbox", "json"] as const;
const PLAYBOOK = `- hosts: all
  gather_facts: false
  roles:
    - role: guestnet.guestnet.guests
      vars: { guestnet_profiles: ${SITE} }
    - guestnet.guestnet.host
`;
/** No host of the lab has KVM. One guest more than those of the fixture has no addresses yet. */
const ADAPT = `const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
for (const host of ${JSON.stringify(NAMES)})
  for (const name of readdirSync("${SITE}/" + host))
    if (name !== "host.json") {
      const file = "${SITE}/" + host + "/" + name;
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), virtType: "qemu" }, null, 2));
    }
writeFileSync("${SITE}/kvm1/new.json", JSON.stringify({ name: "new", memory: "1 GiB", virtType: "qemu", interfaces: [{ type: "routed" }] }));`;

const { lab, controller, hosts } = await openControlledHosts(["nft-inet", "libvirt"], NAMES);
const times: (readonly [name: string, ms: number])[] = [];

/** Times one step, which must end with this exit code and say this. */
const step = async (name: string, work: () => Promise<Ran>, code: number, says = /(?:)/): Promise<Ran> => {
  const start = process.hrtime.bigint();
  const ran = await work();
  times.push([name, Number(process.hrtime.bigint() - start) / 1e6]);
  const said = `${ran.stdout}${ran.stderr}`;
  if (ran.code !== code || !says.test(said)) throw new Error(`${name}: status ${String(ran.code)}\n${said}`);
  return ran;
};
const program = (name: string, ...args: readonly string[]): Promise<Ran> =>
  controller.run(["env", "TMPDIR=/run", process.execPath, `${process.cwd()}/dist/${name}.js`, ...args], {
    timeoutMs: 300_000,
  });
const genxml = (...args: readonly string[]) => program("genxml", ...args);
const guestnet = (command: string, ...args: readonly string[]) =>
  program("guestnet", command, ...args, "--hosts", `${SITE}/hosts`, "--timeout", "300");
const play = async (name: string, changed: number, ...options: readonly string[]): Promise<void> => {
  const ran = await step(name, () => runPlaybook(controller, NAMES, "/run/site.yml", options), 0);
  const seen = recapOf(ran);
  if (seen.length !== NAMES.length || seen.some((one) => one !== `changed ${String(changed)}, failed 0`))
    throw new Error(`${name}: ${seen.join("; ")}\n${ran.stdout}`);
};

try {
  for (const host of hosts) await host.libvirt();
  await installCollection(controller);
  await controller.writeFile("/run/site.yml", PLAYBOOK);
  await controller.sh(
    `${process.execPath} ${process.cwd()}/fixtures/site/make.mjs ${SITE}; ${process.execPath} -e '${ADAPT}'`,
  );
  const total = String(GUESTS + 1);
  await step(
    "genxml addresses assign, 1 guest",
    () => genxml("addresses", "assign", `${SITE}/kvm1/new.json`, "--among", SITE),
    0,
    /new\.json: /,
  );
  await step("genxml check", () => genxml("check", SITE), 0, new RegExp(`^${total} profiles: 0 errors`, "m"));
  await step("genxml addresses", () => genxml("addresses", SITE), 0, /^198\.51\.100\.64\/26 /m);
  for (const format of EXPORTS)
    await step(
      `genxml addresses --format ${format}`,
      () =>
        genxml(
          "addresses",
          SITE,
          "--format",
          format,
          "--domain",
          "example.org",
          "-o",
          `/run/exports/${format}/`,
        ),
      0,
    );
  await step(
    "guestnet push --dry-run, 3 hosts",
    () => guestnet("push", SITE, "--dry-run"),
    2,
    /^kvm1 +101 guests to define/m,
  );
  await step("guestnet push --yes", () => guestnet("push", SITE, "--yes"), 0, /^kvm3 +100 guests defined/m);
  await step(
    "guestnet push --yes, nothing changed",
    () => guestnet("push", SITE, "--yes"),
    0,
    /^kvm1 +nothing to do/m,
  );
  await play("ansible-playbook --check --diff", 1, "--check", "--diff");
  await play("ansible-playbook, first run", 1);
  await play("ansible-playbook, second run", 0);
  await step("guestnet status", () => guestnet("status"), 0);
  await step("guestnet addresses --diff", () => guestnet("addresses", "--diff", SITE), 2);
  await step("guestnet report", () => guestnet("report", "--profiles", SITE, "-o", "/run/report"), 2);
  console.log(`Node ${process.version}, ${total} profiles, ${String(NAMES.length)} hosts, one run\n`);
  for (const [name, ms] of times) printTime(name, ms);
} finally {
  await lab.close();
}
