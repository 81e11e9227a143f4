#!/bin/sh
':' /*
# guestnet @VERSION@: what libvirt runs when a guest starts and stops, installed as /etc/libvirt/hooks/qemu.
# Source and documentation: @HOMEPAGE@
#
# Two languages in one file. This head is for the shell, which sees the line above as a command that does nothing;
# everything below it is JavaScript, which sees this head as a comment. The head answers in a millisecond what is
# nothing to us, and most calls are: other operations, other guests, bridge guests before their taps exist.
case $2 in
# GUEST promote MARKER PROMOTE SETTLE TAP:INDEX...: what `prepare` leaves behind for a guest that moves here, see docs/migration.md.
# PROMOTE and SETTLE are lines for `ip -batch`. QEMU sends a frame (RARP) on each NIC when the guest begins to run here.
promote)
  guest=$1 marker=$3 promote=$4 settle=$5 left=360000
  shift 5
  done_with_it() {
    { read -r _ pid <"$marker"; } 2>/dev/null && [ "$pid" = $$ ] && rm -f "$marker" # not that of its next move
    exit 0
  }
  # A hundredth of a second, where the shell can wait by itself (bash), on a pipe that nobody writes to; else five, as a process.
  never=$marker.$$
  if mkfifo "$never" 2>/dev/null && [ -p "$never" ]; then exec 3<>"$never"; else exec 3</dev/null; fi
  rm -f "$never"
  pause() {
    read -r -t 0.01 _ <&3 2>/dev/null
    if [ $? -gt 128 ]; then
      left=$((left - 1))
    else
      sleep 0.05
      left=$((left - 5))
    fi
  }
  every_tap_has() { # FILE TEXT
    file=$1 text=$2
    shift 2
    for tap; do
      net=/sys/class/net/${tap%:*}
      { read -r index <"$net/ifindex"; } 2>/dev/null && [ "$index" = "${tap##*:}" ] || done_with_it
      { read -r found <"$net/$file"; } 2>/dev/null && [ "$found" = "$text" ] || return 1
    done
  }
  while [ "$left" -gt 0 ] && every_tap_has statistics/rx_packets 0 "$@"; do pause; done
  [ "$left" -gt 0 ] || exit 0 # an hour
  # Whoever has mended it meanwhile has run some of these lines: the others count.
  ip -force -batch - <<END
$promote
END
  # Ten seconds: the other host announces the guest until libvirt there has cleared away. A QEMU that lets go of a tap has sent
  # the guest on, and libvirt calls no hook yet: the next host is to come before this one at once.
  end=$((left - 1000))
  while [ "$left" -gt "$end" ] && every_tap_has carrier 1 "$@"; do pause; done
  # The other host goes on announcing it while memory is still fetched from there, too (private format of libvirt's).
  while [ "$left" -gt 0 ] && grep -qs "^<domstatus .*reason='post-copy" "/run/libvirt/qemu/$guest.xml" &&
    every_tap_has carrier 1 "$@"; do
    sleep 1
    left=$((left - 100))
  done
  ip -force -batch - <<END
$settle
END
  done_with_it
  ;;
# GUEST settle MARKER BRIDGE TC IP NFT TAP:INDEX...: what `start` leaves behind for the ports of a guest that moves here, see
# docs/migration-vlans.md. QEMU sends a frame (RARP) on each NIC when the guest begins to run here.
settle)
  marker=$3 bridge=$4 tc=$5 ip=$6 nft=$7 left=18000
  shift 7
  runs() { # 0 once a frame has come; it ends with the taps
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
  until runs "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || exit 0 # an hour
    sleep 0.2
  done
  printf %s "$bridge" | bridge -force -batch -
  sleep 10
  runs "$@" || exit 0
  printf %s "$tc" | tc -force -batch -
  printf %s "$ip" | ip -force -batch -
  [ -z "$nft" ] || printf %s "$nft" | nft -f -
  [ -z "$marker" ] || rm -f "$marker"
  exit 0
  ;;
prepare | start | release | migrate | self-test) ;;
# libvirt kills a running guest when this one fails (qemuProcessReconnect): it ends with 0 whatever happens, a fork that the
# kernel refuses to this very shell included, which would end it with 2.
reconnect) trap 'exit 0' EXIT HUP INT PIPE TERM ;;
*) exit 0 ;;
esac

# Whose guest it is stands in its metadata, near the beginning of what libvirt writes, always in this order and with these
# indents and quotes. The shell reads no further: a program that did would cost more than all the rest of this head.
seen= inside=no
while IFS= read -r line || [ -n "$line" ]; do
  seen="$seen$line
"
  case $inside,$line in
  no,'  <memory '* | no,'  <maxMemory '*) break ;;
  no,'  <metadata>'*) inside=yes ;;
  yes,'  </metadata>'*) inside=no ;;
  esac
done
case $seen in
*urn:guestnet:1*) ;;
'') # whose guest it is, nobody knows: none starts with a VLAN that nobody has checked
  echo "guestnet: guest $1: $2: there is no domain XML on standard input" >&2
  case $2 in prepare | start) exit 1 ;; esac
  exit 0
  ;;
*) exit 0 ;;
esac

routed=no bridged=yes # or of a kind that a later version knows
case $seen in *:routed\ * | *'<routed '*) routed=yes bridged=no ;; esac
case $seen in *:access\ * | *:trunk\ * | *:port\ * | *'<access '* | *'<trunk '* | *'<port '*) bridged=yes ;; esac
# A guest whose addresses are checked, in sets that outlive its tap; and uplinks that follow the guests.
traces=no
case $seen in *address\>* | *' follow='[\'\"]yes*) traces=yes ;; esac
uuid=${seen#*<uuid>}
incoming=/run/guestnet/incoming/${uuid%%</uuid>*}
case $2,$routed$bridged in
migrate,*yes*)
  # No hook is called when the guest begins to run here: `prepare` and `start`, which come next, have to know.
  { mkdir -p "${incoming%/*}" && read -r up _ </proc/uptime && echo "migrate ${up%.*}" >"$incoming"; } 2>/dev/null
  exit 0
  ;;
migrate,*) exit 0 ;;
release,*) [ ! -e "$incoming" ] || traces=yes ;;
esac
rest=
case $2,$routed,$bridged in
prepare,yes,*) ;; # a tap to make
prepare,*)
  rest=$(cat) left=$rest missing=no
  while case $left in *"<source bridge='"*) true ;; *) false ;; esac do
    left=${left#*"<source bridge='"}
    [ -d "/sys/class/net/${left%%\'*}/bridge" ] || missing=yes
  done
  [ "$missing" = yes ] || exit 0 # to be explained
  ;;
start,*,yes | reconnect,*) ;;
release,yes,*) ;;
release,*) [ "$traces" = yes ] || exit 0 ;;
self-test,*) ;; # of `guestnet install`, never of libvirt
*) exit 0 ;;
esac

node=/usr/bin/node
[ -x "$node" ] || node=$(command -v node) || {
  echo "guestnet: guest $1: there is no /usr/bin/node and no node on the PATH of the libvirt daemon: install Node.js 18 or newer" >&2
  case $2 in prepare | start) exit 1 ;; esac
  exit 0
}
# Node ends itself after 10 s, but where the kernel refuses it its threads it hangs before it runs a line of this file, and
# libvirt waits for a hook without a limit.
# What has been read goes to it by the environment, which costs no process and may hold 128 KiB (MAX_ARG_STRLEN).
[ "${#seen}" -lt 100000 ] || rest=${rest:-$(cat)}
load='@LOADER@'
compiled=
[ "$2" = self-test ] || compiled=/run/guestnet/compiled/$2-$routed-$bridged-$traces # what a call compiles depends on these
export GUESTNET_COMPILED="$compiled"

# Programs are started by a shell beside Node, which is small: for each that Node starts itself it copies the page tables of all its
# memory (fork), and that takes longer than the program does. Node tells the shell what to run by a pipe, and reads by another what came
# of it (src/run/run-by-head.ts). A here-document is a pipe, both ends of which can be opened; in bash before 5.1 it is a file, and Node
# starts programs itself.
run() { # MARK WORD...: with the mark goes first its process ID, and then its status
  told=/run/guestnet/runs/$1 mark=$1
  shift
  [ -e "$told" ] || told=/dev/null
  "$@" <"$told" >&6 2>"/run/guestnet/runs/$mark.err" 3<&- &
  echo "$mark $!" >&6
  wait "$!"
  echo "$mark $?" >&6
}
run_for_node() {
  exec 4>&- 5<&- # with the end of which Node ends this
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C
  export PATH LC_ALL
  trap '' PIPE
  umask 022
  [ -d /run/guestnet/runs ] || mkdir -p /run/guestnet/runs
  umask 077
  # What Node is going to ask is asked while it starts.
  [ -z "$GUESTNET_AHEAD" ] || run "$$-ahead" $GUESTNET_AHEAD
  # A number of words and a mark, then the words.
  while read -r words mark <&3; do
    set --
    while [ $# -lt "$words" ]; do
      IFS= read -r word <&3 || exit
      set -- "$@" "$word"
    done
    run "$mark" "$@"
  done
}
exec 3<<END 5<<END

END

END
if [ -p /proc/self/fd/3 ] && { :; } 4>/proc/self/fd/3 6>/proc/self/fd/5; then
  exec 4>/proc/self/fd/3 6>/proc/self/fd/5
  read -r _ <&3
  read -r _ <&5
  GUESTNET_AHEAD=
  case $2,$routed in prepare,yes) GUESTNET_AHEAD='nft --json --terse list table inet guestnet' ;; esac
  run_for_node </dev/null >/dev/null 2>&1 &
  exec 3<&- 6>&-
  # One thread of Node's reads what comes.
  export GUESTNET_HEAD=$$ GUESTNET_AHEAD UV_THREADPOOL_SIZE=1
fi

call_node() {
  if [ -z "$rest" ]; then
    GUESTNET_READ=$seen timeout -s KILL 12 "$node" "$@" >/dev/null
  else
    printf '%s' "$seen$rest" | timeout -s KILL 12 "$node" "$@" >/dev/null
  fi
}
# Node starts sooner with a file than with -e; here the file is a pipe. Two things cost time at each start, and gain nothing here: threads
# for long work, and hashes that nobody can foretell.
status=9
# Its "type" would count for our file, too.
[ -e /package.json ] || {
  call_node --no-rehash-snapshot --v8-pool-size=1 --preserve-symlinks-main /proc/self/fd/9 "$0" "$@" 9<<END
$load
END
  status=$?
}
# A Node that knows one of these options no longer.
[ "$status" -ne 9 ] || {
  call_node -e "$load" loader "$0" "$@"
  status=$?
}
case $status in
0 | 1) compiled= ;; # it has said itself what is wrong
137) echo "guestnet: guest $1: $2: $node was killed, or had not ended after 12 s" >&2 ;;
*) echo "guestnet: guest $1: $2: $node ended with status $status" >&2 ;;
esac
# V8 trusts what it has compiled and dies of it when it is damaged: not twice.
[ -z "$compiled" ] || rm -f "$compiled"
exit $status
*/
