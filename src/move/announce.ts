import { failedLines } from "../kernel/facts/question.ts";
import type { BridgeNic } from "../guest/nic.ts";
import type { Host } from "../kernel/host.ts";
import { type Announcement, announcementOf } from "./announcement.ts";

const isThere = ({ device }: Announcement, host: Host): boolean =>
  host.readFile(`/sys/class/net/${device}/ifindex`) !== null;

/** @returns what the tool said of the lines that may not fail, or null */
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
    return error instanceof Error ? error.message : String(error);
  }
};

/**
 * Makes what announces arriving guests in their tagged VLANs. A guest moves without it as well: switches learn its place when it
 * speaks, and Linux guests with virtio announce themselves.
 *
 * @returns what an operator should know
 */
export const announce = async (nics: readonly BridgeNic[], host: Host): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const nic of nics) {
    const announcement = announcementOf(nic);
    if (announcement === null) continue;
    const why = await make(announcement, host);
    const where = `not announced for it in ${why === null ? `${String(announcement.left)} of its` : "the"} tagged VLANs of ${nic.tap}`;
    if (why !== null || announcement.left > 0) {
      notes.push(
        `the move is ${where}${why === null ? "" : ` (${why})`}: switches learn it when it speaks there`,
      );
    }
  }
  return notes;
};

/** Takes away what a guest that has gone was announced with. */
export const ceaseAnnouncing = async (nics: readonly BridgeNic[], host: Host): Promise<void> => {
  for (const nic of nics) {
    const announcement = announcementOf(nic);
    if (announcement !== null && isThere(announcement, host))
      await batch("ip", announcement.end.ip, -1, host).catch(() => null);
  }
};
