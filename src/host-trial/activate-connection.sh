# FILE: activates the connection of a file. Its name would not tell it from the one that NetworkManager makes up for a device that it
# finds configured, which it names after the device and keeps below /run.
nmcli --escape no --get-values UUID,FILENAME connection show | {
    while IFS= read -r line; do
        [ "${line#*:}" != "$1" ] || exec nmcli --wait 20 connection up uuid "${line%%:*}" </dev/null
    done
    echo "NetworkManager has not read it" >&2
    exit 1
}
