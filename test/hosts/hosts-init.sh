#!/bin/sh
# hosts-init.sh DIRECTORY: process 1 of the namespaces that the User Mode Linuxes of a test's hosts run in. What the hosts write
# goes to DIRECTORY, into memory, and is gone with the namespaces.
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 hosts "$1"
ip link set lo up
echo ready
exec sleep infinity >/dev/null
