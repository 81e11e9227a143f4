# HERE SCRIPT DIRECTORY WORD...: prints what bash offers for the last word, as it splits them.
. "$1/libvirt.sh"
. "$2"
cd "$3" || exit
shift 3
program=$1
COMP_WORDS=()
for word in "$@"; do
  # readline's word breaks (COMP_WORDBREAKS in bash(1)).
  while [[ $word =~ ^([^=:]*)([=:]+)(.*)$ ]]; do
    if [[ -n ${BASH_REMATCH[1]} ]]; then COMP_WORDS+=("${BASH_REMATCH[1]}"); fi
    COMP_WORDS+=("${BASH_REMATCH[2]}")
    word=${BASH_REMATCH[3]}
    if [[ -z $word ]]; then continue 2; fi
  done
  COMP_WORDS+=("$word")
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
"_$program"
if ((${#COMPREPLY[@]} > 0)); then printf '%s\n' "${COMPREPLY[@]}"; fi
