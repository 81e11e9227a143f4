import type { Machine } from "../../../lab/lab.ts";

const SYSTEMD_RUN = `#!/bin/sh
while [ "\${1#-}" != "$1" ]; do shift; done
setsid "$@" >>/run/trial.log 2>&1 </dev/null &
echo $! >/run/trial.pid
`;

/** The script of iproute2 is the one thing here that a manager does. */
const SYSTEMCTL = `#!/bin/sh
case $* in
"is-active guestnet-host-trial") kill -0 "$(cat /run/trial.pid)" 2>/dev/null && echo active || echo inactive ;;
"restart guestnet-host") touch /run/begun; while [ -e /run/slow ]; do sleep 0.05; done; sh /usr/local/sbin/guestnet-host ;;
"reload libvirtd.service") kill -HUP "$(pgrep -o libvirtd)" ;;
daemon-reload | restart* | --quiet*) ;;
*) exit 3 ;;
esac
`;

/** Stands in for systemd, which is not process 1 of a machine: it runs the unit of a trial, and the units of the format iproute2. */
export const runTrialUnits = async (host: Machine): Promise<void> => {
  await host.writeFile("/run/stand-in/systemd-run", SYSTEMD_RUN, 0o755);
  await host.writeFile("/run/stand-in/systemctl", SYSTEMCTL, 0o755);
  await host.sh(`mkdir -p /run/systemd/system; mount -t tmpfs tmpfs /usr/local/sbin
    for name in systemd-run systemctl; do mount --bind /run/stand-in/$name /usr/bin/$name; done`);
};
