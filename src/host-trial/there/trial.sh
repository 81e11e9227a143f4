#!/bin/sh
# The trial of a host's network by `guestnet host try --host`: it runs here, as a unit of systemd, where nothing of guestnet is installed.
# plan.sh has the names and commands of this trial. The name of the file phase.* is its phase: of two that change it, one wins.
set -uf
PATH=${PATH:-}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
cd "${0%/*}" || exit 0
work=/run/guestnet/trial
wrong=
. ./plan.sh
. ./look.sh
. ./restore.sh

COMPARE_WITHIN_S=45
MAY_DIFFER_S=3

note() {
    wrong="$wrong${wrong:+
}$1"
}

# attempt PROGRAM ARGUMENTS...: runs it, and notes what it says if it fails; a script has the command that it stands for as its $0
attempt() {
    said=$(timeout -k 5 120 "$@" 2>&1 </dev/null) && return
    [ "$1 ${2-}" != "sh -c" ] || shift 3
    note "$*: $(printf '%s\n' "$said" | tail -n 1)"
}

# phase: sets $phase
phase() {
    for phase in ready changing waiting confirmed rolling-back; do
        [ ! -e "phase.$phase" ] || return 0
    done
    phase=none
}

# turn FROM TO
turn() { mv -T "phase.$1" "phase.$2" 2>/dev/null && sync -- .; }

# clock: sets $now, seconds since the host started
clock() {
    read -r now rest </proc/uptime
    now=${now%.*}
}

# session_lives: whether the ssh session is the same process as at the start (proc(5), starttime)
session_lives() {
    [ -z "$session_pid" ] ||
        [ "$(sed 's/^.*) //' "/proc/$session_pid/stat" 2>/dev/null | cut -d ' ' -f 20)" = "$session_start" ]
}

# put NUMBER MODE PATH: a new file, in the place of another all at once
put() {
    mkdir -p -- "${3%/*}" && cp -- "new.$1" "${3%/*}/.guestnet-trial" && chmod "$2" "${3%/*}/.guestnet-trial" &&
        { [ ! -f "$1" ] || chown --reference="$1" -- "${3%/*}/.guestnet-trial"; } && place "$3"
}

# put_link TARGET PATH
put_link() { mkdir -p -- "${2%/*}" && ln -sfn -- "$1" "${2%/*}/.guestnet-trial" && place "$2"; }

place() {
    { [ -L "${1%/*}/.guestnet-trial" ] || sync -- "${1%/*}/.guestnet-trial"; } &&
        mv -fT -- "${1%/*}/.guestnet-trial" "$1" && sync -- "${1%/*}"
}

# put_back NUMBER PATH: by rename(2), which needs no space
put_back() {
    rm -f -- "${2%/*}/.guestnet-trial"
    { [ ! -e "$1" ] && [ ! -L "$1" ]; } || mv -fT -- "$1" "$2"
    sync -- "${2%/*}"
}

# put_away PATH: one that was not there
put_away() {
    [ ! -d "${1%/*}" ] || { rm -f -- "$1" "${1%/*}/.guestnet-trial" && sync -- "${1%/*}"; }
}

# setting NAME VALUE
setting() { [ ! -e "/proc/sys/$1" ] || printf '%s\n' "$2" >"/proc/sys/$1" || note "$1 = $2"; }

# differing: what compare has found
differing() {
    sed 's/^/missing: /' "$work/missing"
    sed 's/^/unexpected: /' "$work/extra"
}

# list TEXT: its lines as a list of JSON
list() {
    printf '[%s]' "$([ -z "$1" ] || printf '%s\n' "$1" | sed -e 's/[\\"]/\\&/g' -e 's/[[:cntrl:]]/ /g' -e 's/.*/"&"/' | paste -sd ,)"
}

# publish KIND MORE: the commands that wait read it
publish() {
    mkdir -p /run/guestnet
    printf '{"kind":"%s","id":"%s",%s}\n' "$1" "$id" "$2" >/run/guestnet/host-trial.new
    mv -T /run/guestnet/host-trial.new /run/guestnet/host-trial.json
}

finish() {
    forget
    rm -rf /etc/guestnet-trial.new "$work"
    mv -T /etc/guestnet-trial /etc/guestnet-trial.new
    sync -- /etc
    rm -rf /etc/guestnet-trial.new
    exit 0
}

keep_it() {
    wrong=
    keep
    echo "the host's network is kept${wrong:+; failed: $wrong}"
    publish confirmed "\"wrong\":$(list "$wrong")"
    finish
}

# back REASON: puts everything back, unless the trial was confirmed
back() {
    while phase; do
        case $phase in
        none | confirmed) keep_it ;;
        rolling-back) break ;;
        *) ! turn "$phase" rolling-back || break ;;
        esac
    done
    restore_files
    apply_back
    # A manager that reports an error may have done its work: the look at the network decides.
    wrong=
    restore_settings
    # Twice nothing to do, with time for the manager in between.
    for round in 1 2 3 4 5; do
        ! restore_network || [ "$round" = 1 ] || break
        sleep 1
    done
    compare "$devices $taps" || note "$(differing)"
    gone_back "$1"
}

gone_back() {
    echo "the host's network was put back: $1${wrong:+; not put back: $wrong}"
    reason=$(list "$1")
    reason=${reason#[}
    publish rolled-back "\"reason\":${reason%]},\"left\":$(list "$wrong")"
    finish
}

# watch: guests' NICs may differ for a moment; sets $differs while they do, and puts the host back after that
watch() {
    differs=
    if [ -z "$taps" ] || compare "$taps"; then
        since=
        return 0
    fi
    differs=yes
    clock
    : "${since:=$now}"
    [ $((now - since)) -ge $MAY_DIFFER_S ] || return 0
    back "$(differing | head -n 1 | sed 's/\(.*: \)\([^ ]*\) /NIC \2 differs: \1/')"
}

# change: makes the host what plan.sh says, and waits for the command that started it to compare the host with host.json
change() {
    session_lives || back "the ssh session that started it has ended"
    turn ready changing || back "guestnet host rollback was run"
    said=$(write_files 2>&1) || back "cannot write the files: $(printf '%s\n' "$said" | tail -n 1)"
    apply
    [ -z "$disturbs_guests" ] || restore "$taps"
    said=
    clock
    end=$((now + COMPARE_WITHIN_S))
    while phase && [ "$phase" = changing ]; do
        session_lives || back "the ssh session that started it has ended"
        clock
        [ "$now" -lt "$end" ] || back "the host was not compared with host.json within $COMPARE_WITHIN_S s"
        watch
        [ -n "$said$differs" ] || {
            said=yes
            printf '%s\n' "$id" "$wrong" >"$work/applied"
        }
        sleep 0.3
    done
}

# await: it counts from here again after its process was killed
await() {
    clock
    end=$((now + timeout))
    while phase && [ "$phase" = waiting ]; do
        clock
        [ "$now" -lt "$end" ] || back "it was not confirmed within $timeout s"
        watch
        sleep 0.5
    done
}

main() {
    mkdir -p "$work"
    since=
    phase
    read -r this_boot </proc/sys/kernel/random/boot_id
    case $phase in
    confirmed) keep_it ;;
    none) exit 0 ;;
    esac
    if [ "$this_boot" != "$boot" ]; then
        # No network manager has read the files yet, and only udev has set something.
        restore_files
        at_boot
        restore_settings
        gone_back "the host was restarted"
    fi
    [ "$phase" != changing ] || back "the trial was interrupted"
    [ "$phase" != ready ] || change
    phase
    [ "$phase" != waiting ] || await
    phase
    [ "$phase" != confirmed ] || keep_it
    reason=$(cat "$work/reason" 2>/dev/null)
    back "${reason:-guestnet host rollback was run}"
}

case ${1:-} in
look) look "$devices $taps" ;;
*) main ;;
esac
