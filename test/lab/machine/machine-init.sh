#!/bin/sh
# machine-init.sh NAME: process 1 of a "machine", in new mount, net, uts and pid namespaces.
set -e
hostname "$1"
mount -t sysfs sys /sys # /sys/class/net shows the net namespace it was mounted in
own=/run/machines/$1
mkdir -p "$own/run/lock" "$own/etc" "$own/etc.work" "$own/var" "$own/var.work"
for d in etc var; do
  mount -t overlay -o "lowerdir=/$d,upperdir=$own/$d,workdir=$own/$d.work" overlay "/$d"
done
mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts /dev/pts # terminals numbered from 0
mount --bind "$own/run" /run
# libvirt looks its own host name up at every connection: without this it waits 10 s for a name server.
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$1" >/etc/hosts
: >/etc/resolv.conf
ip link set lo up
echo ready
exec >/dev/null
# Stays, as a shell: process 1 must reap. QEMU is a daemon, and a killed one that remains a zombie costs
# libvirtd 40 s ("Failed to terminate process ... Device or resource busy").
sleep infinity &
wait
