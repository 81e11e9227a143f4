# HERE SCRIPT LINE: types a line with a tab at its end into an interactive bash, and prints the words that bash then runs.
zmodload zsh/zpty
here=$1 script=$2 line=$3
work=$(mktemp -d)
cat > $work/begin.sh <<END
PS1=
. ${(q)here}/libvirt.sh
. ${(q)script}
${line%% *}() { printf '<%s>' "\$@" > ${(q)work}/answer; printf '\n' >> ${(q)work}/answer; }
touch ${(q)work}/ready
END
zpty shell bash --norc --noprofile -i
zpty -w shell ". $work/begin.sh"
wait_for() {
  local output
  for ((i = 0; i < 1200; i++)); do
    zpty -r -t shell output
    [[ -s $1 || -e $work/ready && $1 == $work/ready ]] && return
    sleep 0.05
  done
  exit 1
}
wait_for $work/ready
zpty -w shell "$line"$'\t'
wait_for $work/answer
cat $work/answer
zpty -d shell
rm -r $work
