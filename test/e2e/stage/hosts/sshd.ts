import type { Machine } from "../../../lab/lab.ts";

const KEY = "/etc/ssh/lab-key";

/** Lets root of one machine log in on others by ssh(1), with a key, each by its name; knows their host keys. */
export const allowSsh = async (
  from: Machine,
  others: readonly { readonly to: Machine; readonly address: string }[],
): Promise<void> => {
  const key = await from.sh(`ssh-keygen -q -t ed25519 -N '' -f ${KEY}; cat ${KEY}.pub`);
  const known: string[] = [];
  for (const { to, address } of others) {
    // UsePAM would look for this machine's own rules; everything is below /etc and /run, which are the lab's.
    await to.writeFile(
      "/etc/ssh/lab-sshd",
      `ListenAddress ${address}\nHostKey /etc/ssh/lab-host-key\nAuthorizedKeysFile /etc/ssh/lab-authorized\nPermitRootLogin prohibit-password\nPidFile /run/lab-sshd.pid\n`,
    );
    await to.writeFile("/etc/ssh/lab-authorized", key, 0o600);
    // A login shell that reads nothing: bash would read the ~/.bashrc of this machine before each program.
    const hostKey =
      await to.sh(`sed -i '/^root:/s,[^:]*$,/bin/sh,' /etc/passwd; mkdir -p /run/sshd; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/lab-host-key
      /usr/sbin/sshd -f /etc/ssh/lab-sshd; cat /etc/ssh/lab-host-key.pub`);
    known.push(`${to.name} ${hostKey.trim()}\n`);
    await from.sh(`echo ${address} ${to.name} >>/etc/hosts`);
  }
  await from.writeFile("/etc/ssh/lab-known-hosts", known.join(""));
  await from.writeFile(
    "/etc/ssh/ssh_config.d/lab.conf",
    `IdentityFile ${KEY}\nGlobalKnownHostsFile /etc/ssh/lab-known-hosts\nUserKnownHostsFile /dev/null\n`,
  );
};
