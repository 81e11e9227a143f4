#!/bin/sh
# host-root.sh keeps|forgets DIRECTORY NAME SYSTEM PROJECT IMAGE [MODULES]: makes DIRECTORY/NAME/root, the root file system of a
# host: SYSTEM, and what the host writes goes there or over it. It sees the directories PROJECT, IMAGE and MODULES and cannot change them.
set -e
disk=$1 own=$2/$3 name=$3 system=$4 project=$5 image=$6 modules=${7-}
mkdir -p "$own/root" "$own/upper" "$own/work"
if [ "$disk" = keeps ]; then
  mount --bind "$system" "$own/root"
else
  mount -t overlay -o "lowerdir=$system,upperdir=$own/upper,workdir=$own/work" overlay "$own/root"
fi
see() {
  mkdir -p "$own/root/$2"
  mount --bind "$1" "$own/root/$2"
  mount -o remount,bind,ro "$own/root/$2"
}
see "$project" opt/project
see "$image" opt/guest-image
[ -z "$modules" ] || see "$modules" usr/lib/modules
echo "$name" >"$own/root/etc/hostname"
# libvirt looks its own host name up at every connection: without this it waits 10 s for a name server.
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$name" >"$own/root/etc/hosts"
