#!/bin/sh
':' /*
# guestnet @VERSION@ (@HOMEPAGE@): what libvirt runs when a guest starts and stops, as /etc/libvirt/hooks/qemu.
# One file in two languages: the shell runs the second line as a command that does nothing, and never gets to part 5; JavaScript reads
# everything from there to the end of part 4 as a comment.
# ==== 1. Filter (shell). Runs at every call of libvirt's, ends within a millisecond where there is nothing to do, else starts part 5.
# The JavaScript engine that runs part 5, QuickJS or Node.js. Where it is missing: qjs or else node from the PATH.
engine=/usr/bin/qjs

give_up() { # REASON: refuses a guest that starts; every other operation succeeds
  echo "guestnet: guest $guest: $operation: $1" >&2
  case $operation in prepare | start) exit 1 ;; esac
  exit 0
}
every_bridge_is_there() { # XML: its taps will be connected to them
  left=$1
  while case $left in *"<source bridge='"*) true ;; *) false ;; esac do
    left=${left#*"<source bridge='"}
    [ -d "/sys/class/net/${left%%\'*}/bridge" ] || return 1
  done
}
wait_for_turn() { # A hundred hooks at once on a slow processor would all be ended before they are through: one works at a time.
  queue=/run/guestnet/queue
  command -v flock >/dev/null || return 0
  umask 077 # who can read a file can lock it
  [ -d "${queue%/*}" ] || { [ -w /run ] && mkdir -p "${queue%/*}"; }
  # The lock goes with this shell, however it ends (flock(2)), and that is soon, see below: no hook waits permanently.
  { true >>"$queue"; } 2>/dev/null && exec 9<"$queue" && flock -w 900 9 || export GUESTNET_UNQUEUED="$queue"
}
filter() { # GUEST OPERATION ...
  guest=$1 operation=$2
  case $operation in
  prepare | start | release | migrate | self-test) ;;
  # libvirt kills a running guest when this one fails (qemuProcessReconnect), be it that the kernel refuses this shell a fork.
  reconnect) trap 'exit 0' EXIT HUP INT PIPE TERM ;;
  *) exit 0 ;;
  esac
  # Whose guest it is, the metadata says, near the beginning of what libvirt writes, and always with these indents.
  seen= inside=no rest=
  while IFS= read -r line || [ -n "$line" ]; do
    seen="$seen$line
"
    case $inside,$line in
    no,'  <memory '* | no,'  <maxMemory '*) break ;;
    no,'  <metadata>'*) inside=yes ;;
    yes,'  </metadata>'*) inside=no ;;
    esac
  done
  [ -n "$seen" ] || give_up "there is no domain XML on standard input"
  case $seen in *urn:guestnet:1*) ;; *) exit 0 ;; esac
  case $operation in
  migrate) # No hook runs when the guest begins to run here: `prepare` and `start`, which come next, have to know.
    uuid=${seen#*<uuid>} folder=/run/guestnet/incoming
    { mkdir -p "$folder" && read -r up _ </proc/uptime && echo "migrate ${up%.*}" >"$folder/${uuid%%</uuid>*}"; } 2>/dev/null
    exit 0 ;;
  prepare) # A guest with bridge NICs alone has nothing to do yet.
    case $seen in @PREPARE@) ;; *) rest=$(cat) && every_bridge_is_there "$rest" && exit 0 ;; esac ;;
  start) # A guest with routed NICs alone is complete.
    case $seen in @START@) ;; @PREPARE@) exit 0 ;; esac ;;
  esac
  export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH" LC_ALL=C
  engine=${GUESTNET_ENGINE:-$engine}
  [ -x "$engine" ] || engine=$(command -v qjs || command -v node) ||
    give_up "there is no JavaScript engine: install QuickJS (qjs), or Node.js 18 or newer (node)"
  case ${engine##*[/]} in node*) options= ;; *) options='--std --script' ;; esac
  ulimit -Sn 64 # for each program that it starts QuickJS closes all numbers that files may have
  [ "$operation" = self-test ] || wait_for_turn
  # The engine ends itself after 10 s, but a Node.js whose threads the kernel refuses hangs before its first line. What has been read goes by the environment, which costs no process and holds 128 KiB (MAX_ARG_STRLEN).
  if [ -z "$rest" ] && [ "${#seen}" -lt 100000 ]; then
    GUESTNET_READ=$seen timeout -s KILL 12 "$engine" $options "$0" "$@" >/dev/null
  else
    { printf '%s' "$seen$rest" && cat; } | timeout -s KILL 12 "$engine" $options "$0" "$@" >/dev/null
  fi
  status=$?
  [ "$status" -gt 1 ] || exit "$status" # it has said itself what is wrong
  [ "$status" = 137 ] && ended="was killed, or had not ended after 12 s" || ended="ended with status $status"
  echo "guestnet: guest $guest: $operation: $engine $ended" >&2
  exit "$status"
}
case $2 in promote | watch | settle) ;; *) filter "$@" ;; esac
