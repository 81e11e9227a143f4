import type { Cause } from "../../../trace/firewall/evaluate.ts";
import type { ChainRef } from "../../../trace/firewall/ruleset.ts";
import type { End, Check } from "../../../trace/hop.ts";
import { never } from "../../../values/brand.ts";
import { MAIN_ID } from "../../../values/route-table.ts";
import { checkText, placeOf } from "./check-text.ts";
import { ruleText } from "./rule-text.ts";

/** Why a packet ends, and the command that fixes that; null where it depends. */
export interface EndText {
  readonly problem: string;
  readonly fix: string | null;
}

/** What a hop is about, for commands: the guest whose leg it is with the NIC that the packet passes, and the kind of packet. */
export interface Subject {
  /** Its name, as a word of a shell. */
  readonly guest: string;
  readonly tap: string;
  readonly mac: string;
  readonly family: "ipv4" | "ipv6";
}

const nameOf = ({ family, table, chain }: ChainRef): string => `${family} ${table} ${chain}`;

/** How an administrator lets the packet through, in the words of the program that made the table. */
const allowance = (base: ChainRef, check: Extract<Check, { readonly kind: "filter" }>): string => {
  const [from, to] = [check.in, check.out];
  if (base.table === "firewalld") return `firewall-cmd --zone=trusted --change-interface=${from ?? to ?? ""}`;
  const sides = [
    ...(from === null ? [] : [`iifname "${from}"`]),
    ...(to === null ? [] : [`oifname "${to}"`]),
  ];
  return `nft insert rule ${nameOf(base)} ${sides.join(" ")} accept`;
};

const dropText = ({ rule, base }: Cause, check: Check, { guest }: Subject): EndText => {
  const where = nameOf(base);
  const problem =
    rule === null
      ? `policy drop of ${where}`
      : `dropped by ${nameOf(rule)}, handle ${String(rule.handle)}: ${ruleText(rule)}`;
  if (base.table === "guestnet")
    return { problem, fix: base.chain === "reach" ? null : `guestnet apply ${guest}` };
  return { problem, fix: check.kind === "filter" ? allowance(base, check) : null };
};

const mtuText = (check: Check): EndText =>
  check.kind === "mtu"
    ? {
        problem: `packets of ${String(check.size)} bytes do not fit: ${check.dev} has MTU ${String(check.mtu)}`,
        fix: `ip link set dev ${check.dev} mtu ${String(check.size)}`,
      }
    : { problem: "too big", fix: null };

const memberText = (check: Check, { guest, tap }: Subject): EndText => {
  if (check.kind !== "ingress" && check.kind !== "egress") return { problem: "not in the VLAN", fix: null };
  const { dev, bridge, vid } = check;
  const self = dev === bridge ? " self" : "";
  return {
    problem: `${dev} does not carry VLAN ${String(vid)}`,
    fix: dev === tap ? `guestnet apply ${guest}` : `bridge vlan add dev ${dev} vid ${String(vid)}${self}`,
  };
};

const ROUTES = { ipv4: "ip -4", ipv6: "ip -6" } as const;

/** The table of a command of ip-route(8), which means the main one without it. */
const tableWord = (table: number | null): string =>
  table === null || table === MAIN_ID ? "" : ` table ${String(table)}`;

const elsewhereText = (dev: string | null, check: Check, { guest, family }: Subject): EndText => {
  const there = dev ?? "several devices";
  switch (check.kind) {
    case "own-route":
      return {
        problem: `${check.address} is routed to ${there}, not to ${check.dev}`,
        fix: [
          `${ROUTES[family]} route del ${check.address}${dev === null ? "" : ` dev ${dev}`}${tableWord(check.table)}`,
          `guestnet apply ${guest}`,
        ].join("; "),
      };
    case "route":
      return {
        problem: `${check.to} is routed to ${there}, not to its guest`,
        fix: `ip rule show; ip route get ${check.to}`,
      };
    case "lock":
    case "forwarding-entry":
      return {
        problem: `the entry of ${check.mac} in VLAN ${String(check.vid)} is on ${there}`,
        fix: `guestnet apply ${guest}`,
      };
    default:
      return { problem: `it is on ${there}`, fix: null };
  }
};

/** Returns why a packet ends at a hop, and the fix. */
export const endText = (end: End, check: Check, subject: Subject): EndText => {
  const { guest, family } = subject;
  const at = placeOf(check) ?? "";
  const apply = `guestnet apply ${guest}`;
  switch (end.kind) {
    case "paused":
      return { problem: `guest ${guest} is paused`, fix: `virsh resume ${guest}` };
    case "unplugged":
      return {
        problem: `libvirt has the link of ${guest}'s NIC down`,
        fix: `virsh domif-setlink ${guest} ${subject.mac} up`,
      };
    case "silent":
      return {
        problem: `${at} has never received a frame of the guest`,
        fix: `virsh console ${guest}`,
      };
    case "missing":
      return check.kind === "proxy"
        ? { problem: `the host does not answer for ${check.address} on ${check.dev}`, fix: apply }
        : { problem: `${at} does not exist`, fix: check.kind === "tap" ? apply : null };
    case "down":
      return { problem: `${at} is down`, fix: `ip link set dev ${at} up` };
    case "no-carrier":
      return {
        problem: `${at} has no carrier: nothing is at its other end`,
        fix: check.kind === "tap" ? `virsh domstate ${guest}` : `ethtool ${at}`,
      };
    case "full":
      return {
        problem: "the connection table is full: new connections are dropped",
        fix: "sysctl -w net.netfilter.nf_conntrack_max=262144",
      };
    case "duplicate":
      return {
        problem: `${check.kind === "guest" ? (check.address ?? "") : at} is also that of ${end.other}`,
        fix: "guestnet status",
      };
    case "bridge-missing":
      return { problem: `bridge ${end.bridge} does not exist`, fix: "guestnet doctor" };
    case "bridge-down":
      return { problem: `bridge ${end.bridge} is down`, fix: `ip link set dev ${end.bridge} up` };
    case "not-filtering":
      return {
        problem: `bridge ${end.bridge} does not filter VLANs`,
        fix: `ip link set dev ${end.bridge} type bridge vlan_filtering 1`,
      };
    case "other-master":
      return {
        problem: `${at} is ${end.master === null ? "in no bridge" : `in ${end.master}`}`,
        fix: apply,
      };
    case "blocked":
      return {
        problem: `${at} does not forward: it is ${end.state}`,
        fix: `bridge link set dev ${at} state 3`,
      };
    case "other-pvid":
      return {
        problem: `untagged frames of ${at} get ${end.pvid === null ? "no VLAN" : `VLAN ${String(end.pvid)}`}${check.kind === "ingress" ? `, not VLAN ${String(check.vid)}` : ""}`,
        fix: apply,
      };
    case "not-a-member":
      return memberText(check, subject);
    case "sent-tagged":
      return { problem: `${at} sends the VLAN with a tag, and the guest takes none`, fix: apply };
    case "sent-untagged":
      return { problem: `${at} sends the VLAN without the tag that the guest expects`, fix: apply };
    case "no-uplink":
      return {
        problem: `bridge ${at} has no port that leads out of the host`,
        fix: end.free === null ? "ip -brief link show nomaster" : `ip link set dev ${end.free} master ${at}`,
      };
    case "stolen":
      return {
        problem: `VLAN device ${end.device} takes the frames before the bridge`,
        fix: `ip link delete dev ${end.device}`,
      };
    case "no-entry":
      return {
        problem: `${at} is locked, and has no forwarding entry of the guest${check.kind === "lock" ? ` in VLAN ${String(check.vid)}` : ""}`,
        fix: apply,
      };
    case "elsewhere":
      return elsewhereText(end.dev, check, subject);
    case "dropped":
      return dropText(end.cause, check, subject);
    case "isolated":
      return {
        problem: `both ports are isolated: ${checkText(check)}`,
        fix: `guestnet set ${guest} ${at} isolated=no`,
      };
    case "too-big":
      return mtuText(check);
    case "other-vrf":
      return { problem: `${at} is not in VRF ${end.vrf}`, fix: apply };
    case "no-rule":
      return check.kind === "table" && check.table.kind === "table"
        ? {
            problem: `no rule leads to table ${String(check.table.id)}`,
            fix: `${ROUTES[family]} rule add iif ${at} lookup ${String(check.table.id)}`,
          }
        : {
            problem: "no rule leads to the tables of VRFs",
            fix: `${ROUTES[family]} rule add pref 1000 l3mdev`,
          };
    case "no-route":
      return check.kind === "own-route"
        ? { problem: `${check.address} has no route to ${check.dev}`, fix: apply }
        : {
            problem: check.kind === "route" ? `the host has no route to ${check.to}` : "no route",
            fix: `${ROUTES[family]} route show table all match ${check.kind === "route" ? check.to : "default"}`,
          };
    case "discarded":
      return {
        problem: `a route of type ${end.type} discards it`,
        fix: check.kind === "own-route" ? apply : `${ROUTES[family]} route show table all type ${end.type}`,
      };
    case "off":
      return {
        problem: check.kind === "forwarding" ? `${check.setting} is 0` : "switched off",
        fix: check.kind === "forwarding" ? `sysctl -w ${check.setting}=1` : null,
      };
    case "refused":
      return { problem: `the kernel refuses: ${end.error || "no answer"}`, fix: null };
    case "unreachable-back":
      return {
        problem: `the reverse path filter of ${at} drops it: ${
          end.back === null ? "no route leads back" : `the route back leaves by ${end.back}`
        }`,
        fix: `sysctl -w net/ipv4/conf/all/rp_filter=2 net/ipv4/conf/${at}/rp_filter=2`,
      };
    case "failed":
      return {
        problem: `${check.kind === "neighbour" ? check.address : at} does not answer on ${check.kind === "neighbour" ? check.dev : at}`,
        fix: check.kind === "neighbour" ? `ip neigh flush to ${check.address} dev ${check.dev}` : null,
      };
    case "other-mac":
      return {
        problem: `another MAC address answers: ${end.mac}`,
        fix: check.kind === "neighbour" ? `ip neigh del ${check.address} dev ${check.dev}` : null,
      };
    case "proxy-ndp-off":
      return {
        problem: "net/ipv6/conf/all/proxy_ndp is 0",
        fix: "sysctl -w net.ipv6.conf.all.proxy_ndp=1",
      };
    default:
      return never(end);
  }
};
