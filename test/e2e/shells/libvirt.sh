# A libvirt with three running guests and one that is off, for the shells whose functions look like this.
virsh() {
  case "$*" in
    *'list --all --name') printf '%s\n' web1 db1 'my guest' off1 ;;
    *'list --name') printf '%s\n' web1 db1 'my guest' ;;
    *'domiflist web1')
      printf '%s\n' ' web1-0   bridge   br0   virtio   52:54:00:00:00:01' ' -   bridge   br0   virtio   52:54:00:00:00:02'
      ;;
    *'domiflist my guest') printf '%s\n' ' my-gue-0   bridge   br0   virtio   52:54:00:00:00:03' ;;
  esac
}
