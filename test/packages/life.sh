#!/bin/bash
# life.sh DIRECTORY: the life of both packages in a new Debian system, as an administrator lives it. DIRECTORY has the .deb files.
# libvirtd runs in a network namespace of its own: nothing here changes the network of the machine.
set -euo pipefail
packages=$1
hooks=/etc/libvirt/hooks
link=$hooks/qemu.d/guestnet

step() { echo "== $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
is() { [ "$1" = "$2" ] || fail "expected \"$2\", found \"$1\""; }
has() { grep -qe "$2" <<<"$1" || fail "nothing like \"$2\" in: $1"; } # TEXT PATTERN
lacks() { ! grep -qe "$2" <<<"$1" || fail "\"$2\" in: $1"; }
apt() { apt-get -q -y --no-install-recommends "$@" 2>&1 || fail "apt-get $*"; }
domain() { # NAME DEVICES
  cat <<END
<domain type='qemu'><name>$1</name><memory unit='MiB'>32</memory>
<metadata><g:guest xmlns:g='urn:guestnet:1'>$3</g:guest></metadata>
<os><type machine='q35'>hvm</type></os><devices>$2</devices></domain>
END
}

step "a host with libvirtd, and a hook that guestnet install of an older version wrote"
apt update >/dev/null
apt install libvirt-daemon-system libvirt-clients qemu-system-x86 >/dev/null
mkdir -p $hooks
dpkg-deb --fsys-tarfile "$packages"/guestnet-hook_*.deb | tar -xO ./usr/sbin/guestnet-hook |
  sed '3s/guestnet .*: what/guestnet 0.0.9: what/' >$hooks/qemu
mkdir -p /run/libvirt
unshare --net libvirtd -d
pid=$(cat /run/libvirtd.pid)
unshare --net virtlogd -d
until virsh list >/dev/null 2>&1; do sleep 0.2; done
domain lost "<interface type='bridge'><source bridge='nowhere'/><target dev='lost-0'/><mac address='52:54:00:00:00:01'/></interface>" \
  "<g:nic mac='52:54:00:00:00:01'/>" >/tmp/lost.xml
domain quiet "" "" >/tmp/quiet.xml
virsh -q define /tmp/lost.xml
virsh -q define /tmp/quiet.xml
lacks "$(virsh start lost 2>&1)" "Hook script"

step "apt install ./guestnet-hook.deb"
said=$(apt install "$packages"/guestnet-hook_*.deb)
has "$said" "removed $hooks/qemu of guestnet: libvirt would run the hook twice"
has "$said" "self-test: guestnet .*: ready"
is "$(readlink $link)" /usr/sbin/guestnet-hook
is "$(find $hooks -type f -o -type l)" "$link"
is "$(dpkg --verify guestnet-hook)" ""
is "$(dpkg-query -W -f '${db:Status-Status}' guestnet-hook)" installed

step "what starts late guests is enabled once, and stays disabled where the administrator wants that"
is "$(systemctl --root=/ is-enabled guestnet-autostart.service)" enabled
systemctl --root=/ disable guestnet-autostart.service 2>/dev/null
apt install --reinstall "$packages"/guestnet-hook_*.deb >/dev/null
is "$(systemctl --root=/ is-enabled guestnet-autostart.service || true)" disabled

step "the daemon was told, not restarted, and runs the hook"
is "$(cat /run/libvirtd.pid)" "$pid"
has "$(cat /run/guestnet/told)" "^libvirtd $pid [0-9]*$"
for _ in 1 2 3 4 5 6 7 8 9 10; do
  seen=$(virsh start lost 2>&1) || true
  [[ $seen != *"Hook script"* ]] || break
  sleep 0.5
done
has "$seen" "Hook script execution failed.*guestnet"

step "apt install ./guestnet.deb: programs, manual pages, completions, examples"
apt install "$packages"/guestnet_*.deb >/dev/null
version=$(dpkg-query -W -f '${Version}' guestnet)
is "$(genxml --version)" "${version%-1}"
is "$(guestnet --version)" "${version%-1}"
genxml /usr/share/doc/guestnet/examples/dns1.json >/tmp/dns1.xml
has "$(cat /tmp/dns1.xml)" "<name>dns1</name>"
is "$(guestnet completion bash)" "$(cat /usr/share/bash-completion/completions/guestnet)"
has "$(zcat /usr/share/man/man1/genxml.1.gz)" "^.TH"

step "doctor finds the package's hook, by its digest, and the daemon that was told"
doctor() { guestnet doctor --verbose --color never 2>&1 || true; }
has "$(doctor)" "^ok *hook: $link: guestnet .*: ready"
has "$(doctor)" "^ok *hook in libvirtd: the daemon has looked"
sed -i '$s/$/ \/\/ changed/' /usr/sbin/guestnet-hook
has "$(doctor)" "$link is not the hook of guestnet"
apt install --reinstall "$packages"/guestnet-hook_*.deb >/dev/null
has "$(doctor)" "^ok *hook: $link: guestnet"

step "guestnet install and uninstall leave the package's hook alone"
said=$(guestnet install --no-reload 2>&1) || fail "guestnet install: $said"
has "$said" "$link -> /usr/sbin/guestnet-hook"
! guestnet uninstall 2>/tmp/said || fail "guestnet uninstall took the package's hook"
has "$(cat /tmp/said)" "belongs to the package guestnet-hook"
is "$(readlink $link)" /usr/sbin/guestnet-hook

step "guestnet install --root: an image gets the hook of this system"
mkdir /tmp/image
guestnet install --root /tmp/image 2>/dev/null
cmp /tmp/image/etc/libvirt/hooks/qemu /usr/sbin/guestnet-hook

step "the self-test runs when the JavaScript engine has changed; a failing one is said and breaks no upgrade"
engine=$(dpkg-query -W -f '${Package}\n' quickjs nodejs 2>/dev/null | head -n 1)
has "$(apt install --reinstall "$engine")" "guestnet-hook: self-test: guestnet .*: ready"
dpkg-divert --quiet --local --rename --add "$(readlink -f "$(command -v nft)")"
has "$(apt install --reinstall "$engine")" "the self-test of the hook failed: .*nft"
is "$(dpkg-query -W -f '${db:Status-Status}' guestnet-hook)" installed
dpkg-divert --quiet --local --rename --remove "$(readlink -f "$(dpkg-divert --list | sed -n 's/^local diversion of \(.*nft\) to .*/\1/p')")"

step "removal with a running guest: it runs on, and is named"
virsh -q start --paused quiet
said=$(apt remove guestnet-hook)
has "$said" "running guests keep their network: quiet"
is "$(virsh list --name | xargs)" quiet
is "$(find $hooks -type f -o -type l)" ""
has "$(doctor)" "^error *hook: it is not installed"

step "purge leaves nothing of the package"
apt purge guestnet-hook guestnet >/dev/null
is "$(find / -xdev -path /root -prune -o -path /tmp -prune -o -path /proc -prune -o -name '*guestnet*' -print)" ""
[ ! -e $hooks/qemu.d ] || fail "$hooks/qemu.d is left"
virsh -q destroy quiet
kill "$pid"
echo "== all steps passed"
