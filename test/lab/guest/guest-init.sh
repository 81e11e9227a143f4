#!/bin/busybox sh
# Process 1 of a guest. Its initramfs holds this file, a static busybox and, with Debian's kernel, modules.
/bin/busybox mkdir -p /proc /sys /dev /sbin /usr/bin /usr/sbin
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin PS1= PS2= HOME=/
while read -r module; do insmod "$module"; done </modules.list
# No duplicate address detection, which keeps a new address silent for 1-2 s. busybox's ip has no "nodad",
# and accept_dad counts only when it is off both in "all" and in the interface.
for i in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 >"$i"; done
ip link set lo up
stty -F /dev/ttyS0 -echo -onlcr 2>/dev/null
for word in $(cat /proc/cmdline); do
  case $word in lab.boot=*)
    echo "${word#lab.boot=}" | base64 -d >/boot.sh
    sh /boot.sh >/dev/ttyS0 2>&1
    ;;
  esac
done
# A shell on the serial port serves the tests' commands. A syntax error ends it: hence the loop.
while :; do sh </dev/ttyS0 >/dev/ttyS0 2>&1; done
