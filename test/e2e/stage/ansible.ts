import type { Machine, Ran } from "../../lab/lab.ts";

/** The program that the collection runs on a controller. */
export const PROGRAM = "/run/guestnet";

/**
 * Installs the collection on a controller, as ansible-galaxy does from a checkout, and the built guestnet.
 *
 * @param first lines of a shell that run before guestnet, with its arguments
 */
export const installCollection = async (controller: Machine, first = "#!/bin/sh\n"): Promise<void> => {
  await controller.writeFile(
    PROGRAM,
    `${first}exec ${process.execPath} ${process.cwd()}/dist/guestnet.js "$@"\n`,
    0o755,
  );
  await controller.sh(
    `mkdir -p /run/home; HOME=/run/home TMPDIR=/run ansible-galaxy collection install ${process.cwd()}/ansible -p /run/collections`,
  );
};

/** Runs a playbook for hosts of these names. */
export const runPlaybook = (
  controller: Machine,
  hosts: readonly string[],
  playbook: string,
  options: readonly string[] = [],
): Promise<Ran> =>
  controller.run(
    [
      ...["env", "HOME=/run/home", "TMPDIR=/run", "ANSIBLE_COLLECTIONS_PATH=/run/collections"],
      ...["ANSIBLE_NOCOLOR=1", "ansible-playbook", "-i", `${hosts.join(",")},`],
      ...["-e", `guestnet_program=${PROGRAM}`, ...options, playbook],
    ],
    { timeoutMs: 300_000 },
  );

/** What a playbook came to: for each host its changed and failed tasks. */
export const recapOf = ({ stdout }: Ran): readonly string[] =>
  [...stdout.matchAll(/^\S+ +: ok=.*? changed=(\d+) .*? failed=(\d+)/gm)].map(
    ([, changed = "", failed = ""]) => `changed ${changed}, failed ${failed}`,
  );
