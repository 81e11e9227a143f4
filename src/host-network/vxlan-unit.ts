import type { Address } from "../values/address.ts";
import { addLine, peerLines, portVlanLines, tunnelLines } from "./commands.ts";
import { deviceUnit } from "./device-unit.ts";
import { type NetworkFile, plainFile, renderIni, renderLines, scriptFile } from "./host-file.ts";
import { type HostNetwork, linksOf, type VxlanLink } from "./host-network.ts";

// A unit that makes VXLAN devices where the network manager has no words for `vnifilter` or `tunnel_info`.

/** Lines that remove the entries of peers that host.json no longer has. */
const otherPeersLines = (name: string, peers: readonly Address[]): readonly string[] => [
  `bridge fdb show dev ${name} | sed -n 's/^\\(00:00:00:00:00:00 .*\\) self.*$/\\1/p' | while read -r entry; do`,
  `    case " $entry " in`,
  ...peers.map((peer) => `    *" dst ${peer} "*) ;;`),
  `    *) bridge fdb del $entry dev ${name} ;;`,
  `    esac`,
  `done`,
];

/** `bridge vlan tunnelshow` has the port in the first of its lines alone. */
const TUNNEL =
  "s/^[^[:space:]]*[[:space:]]\\{1,\\}\\([0-9]\\{1,\\}\\)[[:space:]]\\{1,\\}\\([0-9]\\{1,\\}\\)[[:space:]]*$/\\1 \\2/p";

/** Lines that take VLANs and VNIs away that host.json no longer has, and what is sent to peers in them. */
const otherTunnelsLines = ({ name, tunnels }: VxlanLink): readonly string[] => [
  `bridge vlan tunnelshow dev ${name} | sed -n '${TUNNEL}' | while read -r vid vni; do`,
  ...tunnels.map(
    ({ first, last, vni }) =>
      `    [ "$vid" -lt ${String(first)} ] || [ "$vid" -gt ${String(last)} ] || [ "$vni" -ne $((${String(vni - first)} + vid)) ] || continue`,
  ),
  `    bridge vlan del dev ${name} vid "$vid"`,
  `    bridge fdb show dev ${name} | sed -n "s/^\\(00:00:00:00:00:00 .* src_vni $vni\\)\\( .*\\)\\{0,1\\} self.*$/\\1\\2/p" | while read -r entry; do`,
  `        bridge fdb del $entry dev ${name}`,
  `    done`,
  `    bridge vni delete dev ${name} vni "$vni"`,
  `done`,
];

/** Lines that make a VXLAN device a port of its bridge; they may run again. */
export const vxlanLines = (link: VxlanLink): readonly string[] => [
  `ip link show dev ${link.name} >/dev/null 2>&1 || ${addLine(link) ?? ""}`,
  `ip link set dev ${link.name} mtu ${String(link.mtu)} addrgenmode none`,
  `ip link set dev ${link.name} master ${link.master.name}`,
  ...otherTunnelsLines(link),
  ...portVlanLines(link.name, link.master.vlans),
  ...tunnelLines(link),
  ...(link.peers === null ? [] : otherPeersLines(link.name, link.peers)),
  ...peerLines(link),
  `ip link set dev ${link.name} up`,
];

const SCRIPT = "usr/local/sbin/guestnet-vxlan";

/**
 * The unit runs after the bridge is there, and before guests start.
 *
 * @returns no files where the host has no VXLAN
 */
export const vxlanUnit = (network: HostNetwork): readonly NetworkFile[] => {
  const links = linksOf(network, "vxlan");
  if (links.length === 0) return [];
  const bridges = [...new Set(links.map(({ master }) => master.name))].map(deviceUnit);
  const text = renderLines("set -eu", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", ...links.flatMap(vxlanLines));
  return [
    scriptFile(SCRIPT, `#!/bin/sh\n${text}`),
    plainFile(
      "etc/systemd/system/guestnet-vxlan.service",
      renderIni(
        [
          "Unit",
          [
            "Description=VXLAN devices of bridges",
            `BindsTo=${bridges.join(" ")}`,
            `After=${bridges.join(" ")} network.target`,
            "Before=network-online.target libvirtd.service virtqemud.service",
          ],
        ],
        ["Service", ["Type=oneshot", "RemainAfterExit=yes", `ExecStart=/${SCRIPT}`]],
        ["Install", [`WantedBy=multi-user.target ${bridges.join(" ")}`]],
      ),
    ),
  ];
};
