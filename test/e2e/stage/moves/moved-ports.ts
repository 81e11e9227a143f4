import type { Machine } from "../../../lab/lab.ts";
import type { LabHost } from "../hosts/two-hosts.ts";
import { becomes as becomesSo, until } from "../until.ts";

/** The guest of VLAN 20 that its neighbours ask. */
export const GUEST = { address: "10.20.0.5", mac: "52:54:00:00:20:05" } as const;

/**
 * Somebody in VLAN 20 who hears and is heard by way of a port of a bridge, and asks the guest without asking for its MAC address:
 * what is sent to it must arrive also while the guest itself does not answer.
 */
export const neighbour = (machine: Machine, bridge: string, address: string): Promise<string> =>
  machine.sh(`
    ip link add nb0 type veth peer name nb0-br; ip link set nb0-br master ${bridge} up
    bridge vlan add dev nb0-br vid 20 pvid untagged; ip addr add ${address}/24 dev nb0; ip link set nb0 up
    ip neigh replace ${GUEST.address} lladdr ${GUEST.mac} dev nb0 nud permanent`);

/** All of a host that guests on its bridge could change: devices, VLANs, entries, flags, groups, filters, elements, processes, markers. */
export const stateOf = ({ machine }: LabHost): Promise<string> =>
  machine.sh(`
    ip -br link | awk '{ print $1 }' | sort
    bridge vlan show | awk 'NR > 1 { if (/^[^ \\t]/) port = $1; else $0 = port " " $0; $1 = $1; print }' | sort
    bridge fdb show | grep -E 'static|permanent' | grep -v ^33:33 | sort
    for port in $(ip -br link show type tun | cut -d' ' -f1); do
      echo $port $(ip -details link show dev $port | grep -oE '(learning|locked|isolated|guard|root_block) (on|off)|group [a-z0-9]+') \\
        $(tc qdisc show dev $port | sed 's/ [0-9a-f]*: root/ root/') $(tc filter show dev $port ingress)
    done
    nft list table bridge guestnet 2>/dev/null | grep -A99 elements | grep -B99 '}' || true
    ls /run/guestnet/incoming 2>/dev/null || true
    ps -e -o args= | grep -oE 'hooks/qemu [a-z0-9]+ (settle|promote)' || true`);

/** What of a host's state is about one guest. */
export const linesOf =
  (guest: string) =>
  (state: string): string =>
    state
      .split("\n")
      .filter((line) => line.includes(guest))
      .join("\n");

/** Waits until a host is as it was, or a part of its state; what is left to do after a move takes ten seconds. */
export const becomes = (
  host: LabHost,
  wanted: string,
  part: (state: string) => string = (state) => state,
): Promise<void> => becomesSo(async () => part(await stateOf(host)), part(wanted));

/** Looks at the destination while memory is copied to it. */
export const duringCopy = async <T>(to: LabHost, name: string, look: () => Promise<T>): Promise<T> => {
  await until(to.machine, `virsh -q domstate ${name} 2>/dev/null | grep paused`);
  return look();
};
