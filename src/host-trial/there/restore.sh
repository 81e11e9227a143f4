# Puts the kernel's network back, where the network manager has not: from the lines of look.sh. Nothing that is read is evaluated.

# is_bridge DEVICE
is_bridge() { [ -d "/sys/class/net/$1/bridge" ]; }

# given WORD VALUE: `WORD VALUE`, or nothing for a dash
given() { [ "$2" = - ] || echo "$1 $2"; }

# self DEVICE: bridge(8) wants it for a VLAN of the bridge's own
self() { ! is_bridge "$1" || echo self; }

# give_link DEVICE MASTER MTU MAC STATE: a bond takes a port only while that is down, and sets its address (bonding.rst)
give_link() {
    master=$(readlink "/sys/class/net/$1/master")
    master=${master##*/}
    if [ "${master:--}" != "$2" ]; then
        [ ! -d "/sys/class/net/$2/bonding" ] || ip link set dev "$1" down
        if [ "$2" = - ]; then ip link set dev "$1" nomaster; else ip link set dev "$1" master "$2"; fi
    fi
    [ -d "/sys/class/net/$2/bonding" ] || [ "$(cat "/sys/class/net/$1/address")" = "$4" ] ||
        ip link set dev "$1" address "$4"
    [ "$(cat "/sys/class/net/$1/mtu")" = "$3" ] || ip link set dev "$1" mtu "$3"
    ip link set dev "$1" "$5"
}

# give DEVICE KIND WORDS...: makes a setting that is gone
give() {
    device=$1 kind=$2
    shift 2
    case $kind in
    link) give_link "$device" "$@" ;;
    bridge) ip link set dev "$device" type bridge "$@" ;;
    port) bridge link set dev "$device" "$@" ;;
    vlan) bridge vlan add dev "$device" vid "$@" $(self "$device") ;;
    tunnel)
        bridge vni add dev "$device" vni "$2"
        bridge vlan add dev "$device" vid "$1" tunnel_info id "$2"
        ;;
    peer) bridge fdb append 00:00:00:00:00:00 dev "$device" dst "$1" $(given src_vni "$2") $(given vni "$2") ;;
    fdb) bridge fdb replace "$1" dev "$device" $(given vlan "$2") master static ${3#-} ;;
    # The host had it a moment ago, and a search for duplicates would take a second.
    address) case $1 in
        *:*) ip address add "$1" $(given peer "$2") scope "$4" dev "$device" nodad ;;
        *) ip address add "$1" $(given peer "$2") $(given brd "$3") scope "$4" dev "$device" ;;
        esac ;;
    route4) ip -4 route replace "$@" ;;
    route6) ip -6 route replace "$@" ;;
    neigh) ip neigh replace "$@" dev "$device" nud permanent ;;
    proxy) ip neigh replace proxy "$1" dev "$device" ;;
    setting) printf '%s\n' "$2" >"/proc/sys/$1" ;;
    esac
}

# take DEVICE KIND WORDS...: takes a setting away that was not there; one of the other kinds has its former value back by then
take() {
    device=$1 kind=$2
    shift 2
    case $kind in
    vlan) bridge vlan del dev "$device" vid "$1" $(self "$device") ;;
    tunnel)
        bridge vlan del dev "$device" vid "$1" tunnel_info id "$2"
        bridge vni delete dev "$device" vni "$2"
        ;;
    peer) bridge fdb del 00:00:00:00:00:00 dev "$device" dst "$1" $(given src_vni "$2") $(given vni "$2") ;;
    fdb) bridge fdb del "$1" dev "$device" $(given vlan "$2") master static ;;
    address) ip address del "$1" $(given peer "$2") dev "$device" ;;
    route4) ip -4 route del "$@" ;;
    route6) ip -6 route del "$@" ;;
    neigh) ip neigh del "$1" dev "$device" ;;
    proxy) ip neigh del proxy "$1" dev "$device" ;;
    esac
}

# each FILE KIND FUNCTION: masters come before their ports, as $devices has them
each() {
    awk -v kind="$2" -v order="$devices $taps" '
        $2 == kind { lines[$1] = lines[$1] $0 "\n" }
        END { count = split(order, names, " "); for (i = 1; i <= count; i++) printf "%s", lines[names[i]] }' "$1" |
        while read -r line; do "$3" $line; done >/dev/null 2>&1
}

# is_still DEVICE WORDS: whether it is of the kind that it was
is_still() { ip -d -o link show dev "$1" | grep -qF -e "$2"; }

# restore NAMES: gives these devices the settings that they had; returns 1 while there is something to do
restore() {
    ! compare "$1" || return 0
    for kind in link bridge port; do each "$work/missing" "$kind" give; done
    # What a device loses with its master is looked for again.
    compare "$1"
    for kind in vlan tunnel peer fdb; do
        each "$work/extra" "$kind" take
        each "$work/missing" "$kind" give
    done
    # The last address of a device takes its routes away.
    for kind in address route4 route6 neigh proxy setting; do each "$work/missing" "$kind" give; done
    for kind in route6 route4 address neigh proxy; do each "$work/extra" "$kind" take; done
    return 1
}

# restore_network: returns 1 while there is something to do
restore_network() {
    for name in $new; do
        [ ! -e "/sys/class/net/$name" ] || ip link delete dev "$name"
    done >/dev/null 2>&1
    create_gone >/dev/null 2>&1
    restore "$devices $taps"
}
