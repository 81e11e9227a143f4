# ==== 3. Watch (shell). `prepare` leaves it behind for a routed NIC with "anycast": { "while": "answers" }. It asks the guest twice a
# second, withdraws its routes after two questions without an answer, and puts them back after two answers. See docs/explanation/routed.md.
#
# GUEST watch FILE ANSWERS MARKER ANNOUNCE WITHDRAW ASK TAP:INDEX: FILE has the state, ANSWERS is the first one, MARKER a file that is there
# while the guest moves here, or empty. ANNOUNCE, WITHDRAW and ASK are lines for `ip -batch`.
watch() {
  file=$3 answers=$4 marker=$5 announce=$6 withdraw=$7 ask=$8 tap=${9%:*} index=${9##*:} before=
  mkdir -p "${file%/*}"
  # As above: half a second where the shell can wait by itself, else a process.
  never=$file.$$
  if mkfifo "$never" 2>/dev/null && [ -p "$never" ]; then exec 3<>"$never"; else exec 3</dev/null; fi
  rm -f "$never"
  if [ "$answers" = no ]; then run_lines "$withdraw"; fi
  note_state
  while { read -r found <"/sys/class/net/$tap/ifindex"; } 2>/dev/null && [ "$found" = "$index" ]; do
    if [ -z "$marker" ] || [ ! -e "$marker" ]; then look_again; fi
    read -r -t 0.5 _ <&3 2>/dev/null
    [ $? -gt 128 ] || sleep 0.5
  done
  read -r found _ <"$file" && [ "$found" = "$index" ] && rm -f "$file"
  exit 0
}

look_again() {
  if [ -n "$(run_lines "$ask")" ]; then now=yes; else now=no; fi
  if [ "$now" = "$before" ] && [ "$now" != "$answers" ]; then
    answers=$now
    case $now in yes) run_lines "$announce" ;; no) run_lines "$withdraw" ;; esac
    note_state
  fi
  before=$now
}

run_lines() { # TEXT: -force, because a concurrent repair may already have run some of them
  printf '%s\n' "$1" | ip -force -batch - 2>/dev/null
}

note_state() {
  echo "$index $$ $answers" >"$file.$$" && mv "$file.$$" "$file"
}

case $2 in watch) watch "$@" ;; esac
