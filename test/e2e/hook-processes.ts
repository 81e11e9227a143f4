/**
 * For a script that stands before ip, bridge or nft: the process IDs of the hook that has started it. `$PPID` is the shell that runs
 * programs for Node, or Node itself where there is no such shell.
 */
export const HOOK_PROCESSES = `
case $(cat /proc/$PPID/comm) in
node) node=$PPID ;;
*)
  shell=$PPID
  head=$(ps -o ppid= -p $shell)
  node=$(pgrep -P "$(pgrep -x -P $((head)) timeout)")
  ;;
esac
`;
