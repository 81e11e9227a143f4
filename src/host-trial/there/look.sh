# What a trial puts back of the kernel's network, as lines `DEVICE KIND WORDS`. trial.sh reads this file, and plan.sh, which sets $bridges, $taps
# and $tried_peers.

# look NAMES: prints the settings of these devices; one that does not exist has none
look() {
    set -- " $1 "
    {
        ip -o link show | lines "$1" '
            { name = $2; sub(/[@:].*/, "", name); master = mac = "-"
              for (i = 4; i < NF; i++) {
                  if ($i == "mtu") mtu = $(i + 1)
                  if ($i == "master") master = $(i + 1)
                  if ($i ~ /^link\//) mac = $(i + 1)
              }
              show(name, "link " master " " mtu " " mac " " ($3 ~ /[<,]UP[,>]/ ? "up" : "down")) }'
        bridge -compressvlans vlan show | lines "$1" '
            /^[^ \t]/ { name = $1; sub(/^[^ \t]+/, "") }
            $1 ~ /^[0-9]/ { show(name, "vlan " $1 (/PVID/ ? " pvid" : "") (/Untagged/ ? " untagged" : "")) }'
        bridge -compressvlans vlan tunnelshow 2>/dev/null | lines "$1" '
            /^[^ \t]/ { name = $1; sub(/^[^ \t]+/, "") }
            $1 ~ /^[0-9]/ && $2 ~ /^[0-9]/ { show(name, "tunnel " $1 " " $2) }'
        bridge -d -o link show | lines "$1" '
            { name = $2; sub(/[@:].*/, "", name)
              for (i = 4; i < NF; i++)
                  if ($i ~ /^(hairpin|guard|root_block|fastleave|learning|flood|mcast_flood|bcast_flood|neigh_suppress|vlan_tunnel|isolated|locked)$/)
                      show(name, "port " $i " " $(i + 1)) }'
        bridge fdb show | lines "$1" '
            { vid = sticky = dst = vni = "-"; static = master = 0
              for (i = 2; i <= NF; i++) {
                  if ($i == "dev") name = $(i + 1)
                  if ($i == "vlan") vid = $(i + 1)
                  if ($i == "dst") dst = $(i + 1)
                  if ($i == "src_vni" || $i == "vni") vni = $(i + 1)
                  if ($i == "sticky") sticky = $i
                  if ($i == "static") static = 1
                  if ($i == "master") master = 1
              }
              if ($1 == "00:00:00:00:00:00" && dst != "-") show(name, "peer " dst " " vni)
              if (is_tap(name) && static && master) show(name, "fdb " $1 " " vid " " sticky) }'
        # The kernel makes link-local addresses, and those of advertisements, by itself; on a tap guestnet sets them.
        ip -o address show | lines "$1" '
            !/mngtmpaddr|temporary|kernel_ra/ { name = $2; sub(/[@:].*/, "", name); peer = brd = "-"
              for (i = 5; i < NF; i++) {
                  if ($i == "peer") peer = $(i + 1)
                  if ($i == "brd") brd = $(i + 1)
                  if ($i == "scope") scope = $(i + 1)
              }
              if (scope != "link" || is_tap(name)) show(name, "address " $4 " " peer " " brd " " scope) }'
        for family in 4 6; do
            # A daemon makes its own routes again, but for guests on taps.
            ip "-$family" -d -o route show table all | lines "$1" '
                $1 == "unicast" && !/nexthop|\\/ { words = "route'"$family"'"; proto = ""
                  for (i = 2; i <= NF; i++) {
                      if ($i == "expires") { i++; continue }
                      if ($i ~ /^(linkdown|dead|offload|rt_offload|rt_trap)$/) continue
                      if ($i == "dev") name = $(i + 1)
                      if ($i == "proto") proto = $(i + 1)
                      words = words " " $i
                  }
                  if (proto ~ /^(boot|static|dhcp|ra)$/ || (is_tap(name) && proto != "kernel")) show(name, words) }'
        done
        ip neigh show nud permanent | lines "$1" 'is_tap($3) && $4 == "lladdr" { show($3, "neigh " $1 " lladdr " $5) }'
        ip neigh show proxy | lines "$1" 'is_tap($3) { show($3, "proxy " $1) }'
        for bridge in $bridges; do
            [ ! -d "/sys/class/net/$bridge/bridge" ] || (
                cd "/sys/class/net/$bridge/bridge" || exit
                read -r filtering <vlan_filtering && read -r pvid <default_pvid && read -r stp <stp_state
                echo "$bridge bridge vlan_filtering $filtering vlan_default_pvid $pvid stp_state $stp"
            ) | lines "$1" 'own($1)'
        done
        for tap in $taps; do
            for folder in ipv4/conf ipv6/conf ipv4/neigh ipv6/neigh; do
                grep -rs . "/proc/sys/net/$folder/$tap" | sed "s,^/proc/sys/\([^:]*\):,$tap setting \1 ,"
            done
        done | lines "$1" 'own($1)'
    } | sort
}

# lines NAMES PROGRAM: runs awk, with show(DEVICE, WORDS) for devices among the names
lines() {
    awk -v names="$1" -v taps=" $taps " '
        function own(name) { return index(names, " " name " ") }
        function is_tap(name) { return index(taps, " " name " ") }
        function show(name, words) { if (own(name)) print name " " words }
        '"$2"
}

# lacking FILE OTHER: the lines of the other file that this one lacks. The kernel takes an address with another broadcast or scope as
# the one that it has: to add it fails, and to delete it takes the only one.
lacking() {
    awk 'function key() { return $2 == "address" ? $1 " " $2 " " $3 " " $4 : $0 }
        FILENAME == ARGV[1] { there[key()] = 1; next }
        !(key() in there)' "$1" "$2"
}

# compare NAMES: looks at devices again; $work/missing has the settings that are gone, $work/extra those that are new
compare() {
    look "$1" >"$work/now"
    # The tap of a guest that has ended is no difference.
    awk -v names=" $1 " -v taps=" $taps " '
        NR == FNR { if ($2 == "link") there[$1] = 1; next }
        index(names, " " $1 " ") && (($1 in there) || !index(taps, " " $1 " "))' "$work/now" state >"$work/before"
    lacking "$work/now" "$work/before" >"$work/missing"
    # A routing daemon may have learned peers meanwhile: only those of the tried host.json are to go again.
    lacking "$work/before" "$work/now" |
        awk -v tried=" $tried_peers " '$2 != "peer" || index(tried, " " $1 "/" $3 " ")' >"$work/extra"
    [ ! -s "$work/missing" ] && [ ! -s "$work/extra" ]
}
