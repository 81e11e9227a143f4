#!/bin/sh
# libvirt.sh prepare|start|stop [CAPABILITIES]: libvirtd of one machine. CAPABILITIES is the directory that
# keeps what libvirtd found out about QEMU: asking costs 2 s natively and up to 15 s in UML, at each lab.
set -e
caps=${2-}
answers() { virsh -q -c qemu:///system version >/dev/null 2>&1; }

prepare() {
  # Fresh directories: the machine's own are root's, unreadable in a UML that an ordinary user runs.
  for d in /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
    mkdir -p "$d"
    mount -t tmpfs -o mode=755 tmpfs "$d"
  done
  mkdir -p /var/cache/libvirt/qemu /etc/libvirt/hooks /run/libvirt
  if [ -d "$caps" ]; then
    cp -r "$caps" /var/cache/libvirt/qemu/capabilities
    # A QEMU with this ability is asked for 400 properties of its CPU at each start, one by one (qemuMonitorJSONGetGuestCPU), and
    # reads each question byte by byte: half of a start in UML. Without it libvirt asks twice.
    find /var/cache/libvirt/qemu/capabilities -name '*.xml' -exec sed -i "/<flag name='cpu-unavailable-features'/d" {} +
  fi
  # No "default" network, so no dnsmasq.
  rm -rf /etc/libvirt/qemu /etc/libvirt/nwfilter /etc/libvirt/*.conf
  # QEMU as root without a sandbox: here are no udev, dbus, cgroups, apparmor or virtlogd.
  cat >/etc/libvirt/qemu.conf <<X
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
seccomp_sandbox = 0
stdio_handler = "file"
X
  cat >/etc/libvirt/libvirtd.conf <<X
host_uuid = "$(cat /proc/sys/kernel/random/uuid)"
listen_tls = 0
listen_tcp = 1
auth_tcp = "none"
auth_unix_rw = "none"
ovs_timeout = 60
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
X
}

start() {
  # The PATH of a daemon that systemd starts (systemd.exec(5), DefaultPath): the hook inherits it.
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin libvirtd -d -l
  for _ in $(seq 600); do
    if answers; then keep; return; fi
    sleep 0.1
  done
  echo "libvirtd does not answer after 60 s; the end of its log:" >&2
  tail -n 20 /var/log/libvirt/libvirtd.log >&2
  exit 1
}

# Puts the capabilities where the next lab finds them, all at once: other labs may be starting, in User Mode Linux with the same process IDs.
# UML writes to the machine's files late, or never when it is killed: hence the sync before others can see them.
keep() {
  [ -n "$caps" ] && [ ! -d "$caps" ] || return 0
  virsh -q -c qemu:///system domcapabilities --emulatorbin /usr/bin/qemu-system-x86_64 --virttype qemu >/dev/null
  mkdir -p "${caps%/*}"
  new=$(mktemp -d "$caps.XXXXXX")
  cp -r /var/cache/libvirt/qemu/capabilities/. "$new"
  sync
  mv -T "$new" "$caps" 2>/dev/null || rm -rf "$new"
}

# What systemd does at "systemctl stop": TERM, then wait. The guests' QEMUs keep running.
stop() {
  pid=$(cat /run/libvirtd.pid)
  kill "$pid"
  for _ in $(seq 300); do
    if ! kill -0 "$pid" 2>/dev/null; then return; fi
    sleep 0.1
  done
  echo "libvirtd (pid $pid) does not end within 30 s of TERM" >&2
  exit 1
}

"$1"
