#!/bin/sh
# enter.sh ROOT DIRECTORY COMMAND: runs COMMAND with bash in the system below ROOT, in DIRECTORY.
# The caller has made the mount and pid namespaces: with them all of these mounts and processes end.
set -e
root=$1 directory=$2 command=$3
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
# The devices that a container has: no /dev/kvm, no disks.
mount -t tmpfs -o mode=755 dev "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/net"
mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
while read -r name major minor; do
  mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done <<END
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
net/tun 10 200
END
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do
  ln -s "/proc/self/fd/${number%:*}" "$root/dev/${number#*:}"
done
cd "$root"
mkdir -p .outside
pivot_root . .outside
umount -l /.outside
cd "/$directory"
exec bash -c "$command"
