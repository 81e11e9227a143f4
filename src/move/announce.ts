import { messageOf } from "../values/error-text.ts";
import { nextJob } from "../values/in-job.ts";
import { failedLines } from "../kernel/facts/question.ts";
import type { BridgeNic } from "../guest/nic.ts";
import type { Host } from "../kernel/host.ts";
import { announcerName, type IfName } from "../values/names.ts";
import type { Vid } from "../values/vid.ts";

/** Each round of QEMU's announcement becomes as many broadcasts on every uplink. */
const VLANS_AT_MOST = 256;

// An action list has 32 places (TCA_ACT_MAX_PRIO): one for the rate, one for the last pop, and two for each VLAN.
const VLANS_OF_A_FILTER = 15;

// QEMU sends 5 frames in 1.5 s. Here pass 10, and 8 a second: what the guest itself might send is not multiplied beyond that.
const RATE = "action police rate 4kbit burst 600 conform-exceed continue/pipe";

/** The announcement of a guest in tagged VLANs. */
export interface Announcement {
  readonly device: IfName;
  /** A batch for `ip`, one for `tc`. */
  readonly ip: readonly string[];
  readonly tc: readonly string[];
  /** See there for the line of `tc` that may fail, and the reason. */
  readonly mayFail: number;
  /** Commands that remove it again. */
  readonly end: { readonly ip: readonly string[]; readonly tc: readonly string[] };
  /** Number of VLANs that are not announced. */
  readonly left: number;
}

const filter = (port: IfName, device: IfName, vids: readonly Vid[], pref: number): string => {
  const copies = vids.map(
    (vid, index) =>
      `action vlan ${index === 0 ? "push" : "modify"} id ${String(vid)} pipe action mirred egress mirror dev ${device} pipe`,
  );
  return `filter add dev ${port} ingress pref ${String(pref)} protocol rarp matchall ${RATE} ${copies.join(" ")} action vlan pop continue`;
};

/**
 * QEMU announces a guest that has moved by a RARP frame without a tag (net/announce.c), which a trunk port takes for its native VLAN,
 * or drops. So such a frame comes in again in each tagged VLAN: tc(8) copies it with a tag to a dummy device, which
 * gives it back to the port. It then passes the bridge and the port's checks like every frame of the guest. A copy straight to
 * the port would not do: kernels from 6.19 on treat it as a loop (tcf_mirred_to_dev).
 *
 * @returns null for a port without tagged VLANs
 */
export const announcementOf = ({ tap, mac, attachment }: BridgeNic): Announcement | null => {
  if (attachment.kind !== "trunk" || attachment.tagged.length === 0) return null;
  const vids = attachment.tagged.slice(0, VLANS_AT_MOST);
  const device = announcerName(mac);
  const filters = Array.from({ length: Math.ceil(vids.length / VLANS_OF_A_FILTER) }, (_, index) =>
    filter(tap, device, vids.slice(index * VLANS_OF_A_FILTER, (index + 1) * VLANS_OF_A_FILTER), index + 1),
  );
  return {
    device,
    ip: [`link add dev ${device} type dummy`, `link set dev ${device} addrgenmode none up`],
    tc: [
      `qdisc add dev ${device} clsact`,
      `filter add dev ${device} egress matchall action mirred ingress redirect dev ${tap}`,
      // libvirt has made one already where the NIC has <bandwidth>: it takes filters as well, and the line fails.
      `qdisc add dev ${tap} clsact`,
      ...filters,
    ],
    end: {
      ip: [`link delete dev ${device}`],
      tc: [
        ...filters.map((_, index) => `filter del dev ${tap} ingress pref ${String(index + 1)} protocol rarp`),
        // Not libvirt's, which is of another kind (tc_get_qdisc compares it).
        `qdisc del dev ${tap} clsact`,
      ],
    },
    mayFail: 2,
    left: attachment.tagged.length - vids.length,
  };
};

const isThere = ({ device }: Announcement, host: Host): boolean =>
  host.readFile(`/sys/class/net/${device}/ifindex`) !== null;

/** @returns the tool's error about lines that must not fail, or null */
const batch = async (
  tool: "ip" | "tc",
  lines: readonly string[],
  mayFail: number,
  host: Host,
): Promise<string | null> => {
  const { code, stderr } = await host.run(tool, ["-force", "-batch", "-"], `${lines.join("\n")}\n`);
  const failed = [...failedLines(stderr)].filter((line) => line !== mayFail);
  if (code === 0 || (failed.length === 0 && stderr.includes("Command failed"))) return null;
  const said = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Command failed"));
  return `${tool}: ${said[0]?.trim() ?? `status ${String(code)}`}`;
};

const make = async (announcement: Announcement, host: Host): Promise<string | null> => {
  try {
    // One that an earlier move has left.
    if (isThere(announcement, host)) await batch("ip", announcement.end.ip, -1, host);
    const { ip, tc, mayFail } = announcement;
    return (await batch("ip", ip, -1, host)) ?? (await batch("tc", tc, mayFail, host));
  } catch (error) {
    return messageOf(error);
  }
};

/**
 * Makes what announces arriving guests in their tagged VLANs. A guest moves without it as well: switches learn its place when it
 * speaks, and Linux guests with virtio announce themselves.
 *
 * @returns a note for the operator
 */
export const announce = async (nics: readonly BridgeNic[], host: Host): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const nic of nics) {
    const announcement = announcementOf(nic);
    if (announcement === null) continue;
    const why = await make(announcement, host);
    const where = `in ${why === null ? `${String(announcement.left)} of the` : "the"} tagged VLANs of ${nic.tap}`;
    if (why !== null || announcement.left > 0) {
      notes.push(
        `cannot announce the guest ${where}${why === null ? "" : ` (${why})`}: switches learn it from its first frame there`,
      );
    }
  }
  return notes;
};

/** Removes the announcement of a guest that has stopped. */
export const ceaseAnnouncing = async (nics: readonly BridgeNic[], host: Host): Promise<void> => {
  await nextJob();
  for (const nic of nics) {
    const announcement = announcementOf(nic);
    if (announcement !== null && isThere(announcement, host))
      await batch("ip", announcement.end.ip, -1, host).catch(() => null);
  }
};
