#!/bin/sh
':' /*
# guestnet @VERSION@: what libvirt runs when a guest starts and stops, installed as /etc/libvirt/hooks/qemu.
# Source and documentation: @HOMEPAGE@
#
# Two languages in one file. This head is for the shell, which sees the line above as a command that does nothing;
# everything below it is JavaScript, which sees this head as a comment. The head answers in a millisecond what is
# nothing to us, and most calls are: other operations, other guests, bridge guests before their taps exist.
case $2 in
prepare | start | reconnect | release | self-test) ;;
*) exit 0 ;;
esac
xml=$(cat)
case $xml in
*urn:guestnet:1*) ;;
*) exit 0 ;;
esac

# libvirt writes this XML itself, always with these quotes.
routed=no
case $xml in *"<interface type='ethernet'"*) routed=yes ;; esac
bridged=no missing=no rest=$xml
while case $rest in *"<source bridge='"*) true ;; *) false ;; esac do
  bridged=yes
  rest=${rest#*"<source bridge='"}
  [ -d "/sys/class/net/${rest%%\'*}/bridge" ] || missing=yes
done
case $2,$routed,$bridged,$missing in
prepare,yes,* | prepare,*,yes) ;; # a routed tap to make, or a missing bridge to explain
start,*,yes,*) ;;
reconnect,*) ;;
release,yes,*) ;;
self-test,*) ;; # of `guestnet install`, never of libvirt
*) exit 0 ;;
esac

node=/usr/bin/node
[ -x "$node" ] || node=$(command -v node) || {
  echo "guestnet: guest $1: there is no /usr/bin/node and no node on the PATH of the libvirt daemon: install Node.js 18 or newer" >&2
  case $2 in prepare | start) exit 1 ;; esac
  exit 0
}
printf '%s' "$xml" | "$node" "$0" "$@" >/dev/null
status=$?
# libvirt kills a running guest for a failing reconnect, whatever node died of.
[ "$2" = reconnect ] && exit 0
exit $status
*/
