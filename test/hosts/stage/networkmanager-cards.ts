/** NetworkManager takes a veth for a device of its own kind. It sees copies of the connections, in which the cards are veths. */
const WITH_VETHS = `set -e
from=/etc/NetworkManager/system-connections
rm -rf /run/connections
cp -a $from /run/connections
for file in /run/connections/*; do
    [ -f "$file" ] || continue
    card=$(sed -n 's/^interface-name=eno//p' "$file")
    case $card in 1 | 2) ;; *) continue ;; esac
    sed -i 's/^type=ethernet/type=veth/' "$file"
    printf '\\n[veth]\\npeer=far%s\\n' "$card" >>"$file"
done
mount --bind /run/connections $from
exec /usr/sbin/NetworkManager --no-daemon`;

/** Debian's unit may not mount. */
const DROP_IN = `[Service]
CapabilityBoundingSet=~
ExecStart=
ExecStart=unshare --mount sh /usr/local/lib/networkmanager-with-veths`;

/** It makes no connection for a card by itself, whose DHCP server it would wait for. */
const CARDS = "[main]\nno-auto-default=*\n[device-cards]\nmatch-device=interface-name:eno*\nmanaged=1";

const write = (path: string, text: string): string => `cat >${path} <<'END'\n${text}\nEND\n`;

/** A script that makes NetworkManager the manager of a host's cards, which Debian's udev rules keep from it. */
export const ENABLE_NETWORKMANAGER = `${write("/usr/local/lib/networkmanager-with-veths", WITH_VETHS)}
mkdir -p /etc/systemd/system/NetworkManager.service.d /etc/udev/rules.d
${write("/etc/systemd/system/NetworkManager.service.d/with-veths.conf", DROP_IN)}
${write("/etc/NetworkManager/conf.d/90-cards.conf", CARDS)}
ln -sf /dev/null /etc/udev/rules.d/85-nm-unmanaged.rules
chmod 600 /etc/NetworkManager/system-connections/*
systemctl enable NetworkManager NetworkManager-dispatcher NetworkManager-wait-online`;
