# ==== 4. Settle (shell). `start` leaves it behind for a guest with bridge NICs that moves to this host. It waits until the guest runs
# here, and makes its ports those of any other guest. See docs/explanation/migration.md.
#
# GUEST settle MARKER BRIDGE TC IP NFT TAP:INDEX...: MARKER is a file to remove at the end, or empty; BRIDGE, TC, IP and NFT are lines for
# the tools of these names.
settle() {
  marker=$3 bridge=$4 tc=$5 ip=$6 nft=$7 left=18000 # fifths of a second: an hour
  shift 7
  until a_frame_has_come "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || exit 0
    sleep 0.2
  done
  printf %s "$bridge" | bridge -force -batch -
  sleep 10 # until QEMU has announced the guest for the last time
  a_frame_has_come "$@" || exit 0
  printf %s "$tc" | tc -force -batch -
  printf %s "$ip" | ip -force -batch -
  [ -z "$nft" ] || printf %s "$nft" | nft -f -
  [ -z "$marker" ] || rm -f "$marker"
  exit 0
}

a_frame_has_come() { # TAP:INDEX...: QEMU sends one (RARP) on each NIC when the guest begins to run here. Without any tap, everything ends.
  gone=yes
  for tap; do
    net=/sys/class/net/${tap%:*}
    { read -r index <"$net/ifindex" && read -r frames <"$net/statistics/rx_packets"; } 2>/dev/null || continue
    [ "$index" = "${tap##*:}" ] || continue
    gone=no
    [ "$frames" = 0 ] || return 0
  done
  [ "$gone" = no ] || exit 0
  return 1
}

settle "$@" # which exits
