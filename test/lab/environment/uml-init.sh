#!/bin/sh
# uml-init.sh NODE AGENT [MODULE...]: process 1 of User Mode Linux. Its root is the machine's own (hostfs).
mount -t proc proc /proc
mount -t devtmpfs dev /dev 2>/dev/null
# UML 7.2 dies of io_uring, which Debian 13's Node.js uses where it can.
[ ! -e /proc/sys/kernel/io_uring_disabled ] || echo 2 >/proc/sys/kernel/io_uring_disabled
mkdir -p /dev/net /dev/pts /dev/shm
# UML's devtmpfs lacks what udev makes elsewhere.
ln -sfn /proc/self/fd /dev/fd
ln -sfn /proc/self/fd/0 /dev/stdin
ln -sfn /proc/self/fd/1 /dev/stdout
ln -sfn /proc/self/fd/2 /dev/stderr
mount -t devpts -o mode=620,gid=5,ptmxmode=666 devpts /dev/pts
mount -t tmpfs shm /dev/shm
[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
node=$1 agent=$2
shift 2
for module; do busybox insmod "$module"; done # Debian's UML kernel is modular; ours is not and has none here
# The serial line is the agent's channel: as transparent as a pipe, no echo, no signals, no translation.
# The kernel's own messages go to the console, so they cannot get between the lines.
stty -F /dev/ttyS0 raw -echo
here=${0%/*}
sh "$here/environment-init.sh" "$node" "$agent" 3<>/dev/ttyS0
echo "uml-init: the agent ended with status $?" >&2
busybox poweroff -f
