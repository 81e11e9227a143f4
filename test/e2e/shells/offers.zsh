# HERE SCRIPT DIRECTORY WORD...: prints what an interactive zsh offers for the last word.
zmodload zsh/zpty
here=$1 script=$2 directory=$3
shift 3
work=$(mktemp -d)
cat > $work/setup.zsh <<'END'
PS1=
autoload -Uz compinit
compinit -u -D
# All that is offered goes through compadd; -O, -A and -D only ask it for something (zshcompwid(1)).
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -A hits "$@"
  print -rl -- $hits >> $answer
  builtin compadd "$@"
}
source $here/libvirt.sh
source $script
compdef _$words[1] $words[1]
cd $directory
ask() {
  BUFFER="${(j: :)words}"
  CURSOR=$#BUFFER
  zle complete-word
  print DONE >> $answer
}
zle -N ask
bindkey '^X' ask
print READY > $answer
END
wait_for() {
  local output
  for ((i = 0; i < 1200; i++)); do
    zpty -r -t shell output
    grep -q "^$1\$" $work/answer 2>/dev/null && return
    sleep 0.05
  done
  exit 1
}
typed=("$@")
print -r -- "here=${(q)here} script=${(q)script} directory=${(q)directory} answer=${(q)work}/answer
words=(${(@qq)typed})
source ${(q)work}/setup.zsh" > $work/begin.zsh
zpty shell zsh -f -i
zpty -w shell "source $work/begin.zsh"
wait_for READY
zpty -w -n shell $'\x18'
wait_for DONE
grep -v -x -e READY -e DONE -e '' $work/answer
zpty -d shell
rm -r $work
