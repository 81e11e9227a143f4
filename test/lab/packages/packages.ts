/**
 * Everything that the lab, its tests and the demo run beside Node.js, under the Debian package that has it. They find no other
 * program: see `programsFolder`. A package without programs is there for its files or for what it brings along.
 */
export const PACKAGES = {
  // On every Debian, and listed because they are run.
  // prettier-ignore
  coreutils: [
    "base64", "basename", "cat", "chmod", "chown", "cp", "cut", "date", "dirname", "env", "head", "id",
    "install", "ln", "ls", "mkdir", "mkfifo", "mknod", "mktemp", "mv", "printf", "readlink", "rm",
    "seq", "sleep", "sort", "stat", "stty", "sync", "tail", "tee", "test", "timeout", "touch", "tr",
    "true", "truncate", "uname", "uniq", "wc",
  ],
  bash: ["bash"],
  bsdutils: ["logger"],
  dash: ["sh"],
  debianutils: ["run-parts"],
  findutils: ["find", "xargs"],
  grep: ["grep"],
  hostname: ["hostname"],
  mawk: ["awk"],
  mount: ["mount", "umount"],
  sed: ["sed"],
  "util-linux": ["blkid", "chrt", "flock", "nsenter", "setpriv", "taskset", "unshare"],

  iproute2: ["ip", "bridge", "tc"],
  "iputils-ping": ["ping"],
  nftables: ["nft"],
  iptables: ["iptables-nft", "iptables-nft-save", "ip6tables-nft-save"],
  systemd: ["systemd-analyze"],
  procps: ["kill", "pgrep", "ps", "sysctl"],
  socat: ["socat"],
  tcpdump: ["tcpdump"],

  "libvirt-daemon-system": ["libvirtd"],
  "libvirt-daemon-driver-qemu": [],
  "libvirt-clients": ["virsh", "virt-xml-validate"],
  "libxml2-utils": ["xmllint"],
  "qemu-system-x86": ["qemu-system-x86_64"],
  "qemu-utils": ["qemu-img"],
  // The firmware and ROMs of its guests.
  "qemu-system-data": [],
  seabios: [],
  ovmf: [],
  "ipxe-qemu": [],
  "busybox-static": ["busybox"],
  "xz-utils": ["xz"],
  // Stands in for a kernel that cannot do it all, and has AppArmor.
  "user-mode-linux": ["linux.uml"],
  // Makes the systems of whole hosts.
  mmdebstrap: ["mmdebstrap"],
  apparmor: ["aa-exec", "apparmor_parser"],

  "openvswitch-common": ["ovsdb-server", "ovsdb-tool"],
  "openvswitch-switch": ["ovs-dpctl", "ovs-vsctl", "ovs-vswitchd"],
  bird2: ["bird", "birdc"],
  frr: ["zebra", "bgpd"],
  "openssh-client": ["ssh", "ssh-keygen"],
  "openssh-server": ["sshd"],

  // What reads the files that we write.
  ifupdown: ["ifup"],
  "cloud-init": ["cloud-init"],
  python3: ["python3"],
  "python3-yaml": [],
  "ansible-core": ["ansible-galaxy", "ansible-inventory", "ansible-playbook"],
  "bind9-utils": ["named-checkzone"],
  "dnsmasq-base": ["dnsmasq"],
  prometheus: ["promtool"],
  genisoimage: ["genisoimage", "isoinfo"],
  secilc: ["secilc"],
  setools: ["sesearch"],
  zsh: ["zsh"],
  fish: ["fish"],
  "groff-base": ["groff", "grotty", "nroff", "preconv", "tbl", "troff"],
  "man-db": ["man"],
  bsdextrautils: ["col"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What building the lab's two small kernels takes beside it. */
export const KERNEL_PACKAGES = {
  gcc: ["gcc"],
  "libc6-dev": [],
  "libelf-dev": [],
  make: ["make"],
  flex: ["flex"],
  bison: ["bison"],
  bc: ["bc"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The browser of `npm run test:browser`, and a font for it. */
export const BROWSER_PACKAGES = {
  "chromium-headless-shell": ["chromium-headless-shell"],
  "fonts-dejavu-core": [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A Debian package that the lab needs. */
export type Package = keyof typeof PACKAGES;

/** A program of the list. */
export type Program = (typeof PACKAGES)[Package][number];
