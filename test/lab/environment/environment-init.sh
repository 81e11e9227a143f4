#!/bin/sh
# environment-init.sh NODE AGENT: what the lab runs in, natively and in User Mode Linux; ends with the agent.
# The caller has made the mount, net, pid, uts and ipc namespaces; the agent's channel is descriptor 3. PATH has the listed
# programs (programs.ts), and no others.
set -e
export HOME=/root LC_ALL=C.UTF-8
mount --make-rprivate /
mount -t sysfs sys /sys
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lock /run/machines
ip link set lo up
set +e
# No exec: this shell is process 1 of the environment (or its child in UML) and has to reap orphans.
"$1" "$2" <&3 >&3 3>&-
