# ==== 2. Promote (shell). `prepare` leaves it behind for a guest with routed NICs that moves to this host, because libvirt calls no hook
# when the guest begins to run here. It waits for that, and ends soon after. See docs/how-to/migrate.md.
#
# GUEST promote MARKER PROMOTE SETTLE TAP:INDEX...: PROMOTE and SETTLE are lines for `ip -batch`.
promote() {
  guest=$1 marker=$3 promote=$4 settle=$5 left=360000 # hundredths of a second: an hour
  shift 5
  # A hundredth of a second where the shell can wait by itself (bash), on a pipe into which nothing is written; else five, as a process.
  never=$marker.$$
  if mkfifo "$never" 2>/dev/null && [ -p "$never" ]; then exec 3<>"$never"; else exec 3</dev/null; fi
  rm -f "$never"

  # QEMU sends a frame (RARP) on each NIC when the guest begins to run here.
  while [ "$left" -gt 0 ] && every_tap_has statistics/rx_packets 0 "$@"; do pause; done
  [ "$left" -gt 0 ] || exit 0
  # -force: a concurrent repair may already have run some of these lines.
  ip -force -batch - <<END
$promote
END
  # Ten seconds: the other host announces the guest until libvirt there has cleared away. A QEMU that closes a tap has sent the guest
  # on, and libvirt calls no hook yet: the next host is to come before this one at once.
  end=$((left - 1000))
  while [ "$left" -gt "$end" ] && every_tap_has carrier 1 "$@"; do pause; done
  # With post-copy the other host announces it for as long as memory is fetched from there (private format of libvirt's).
  while [ "$left" -gt 0 ] && grep -qs "^<domstatus .*reason='post-copy" "/run/libvirt/qemu/$guest.xml" &&
    every_tap_has carrier 1 "$@"; do
    sleep 1
    left=$((left - 100))
  done
  ip -force -batch - <<END
$settle
END
  forget_marker
}

forget_marker() { # unless the marker is of the guest's next move
  { read -r _ pid <"$marker"; } 2>/dev/null && [ "$pid" = $$ ] && rm -f "$marker"
  exit 0
}

pause() {
  read -r -t 0.01 _ <&3 2>/dev/null
  if [ $? -gt 128 ]; then
    left=$((left - 1))
  else
    sleep 0.05
    left=$((left - 5))
  fi
}

every_tap_has() { # FILE TEXT TAP:INDEX...: a tap that is gone ends everything
  file=$1 text=$2
  shift 2
  for tap; do
    net=/sys/class/net/${tap%:*}
    { read -r index <"$net/ifindex"; } 2>/dev/null && [ "$index" = "${tap##*:}" ] || forget_marker
    { read -r found <"$net/$file"; } 2>/dev/null && [ "$found" = "$text" ] || return 1
  done
}

case $2 in promote) promote "$@" ;; esac
