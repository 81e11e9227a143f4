import type { Guest, Machine } from "../../../lab/lab.ts";
import { startCapture } from "./capture.ts";
import { ethernet, tag, udp4 } from "./frame.ts";
import { sendFrames } from "./send-frames.ts";

/** The VLAN that a frame is sent in; 0 is none: a frame without a tag. */
type SentIn = number;

/** A broadcast whose UDP port tells in which VLAN it was sent, whatever becomes of its tag on the way. */
const shout = (source: string, vlan: SentIn): readonly number[] => {
  const said = udp4("192.0.2.99", 1000, 4000 + vlan);
  return ethernet(source, vlan === 0 ? said : tag(vlan, said));
};

/** A machine sends one broadcast in each of these VLANs, behind their tags. */
export const shoutFrom = async (
  machine: Machine,
  device: string,
  vlans: readonly SentIn[],
): Promise<void> => {
  const frames = vlans.map((vlan) => Buffer.from(shout("02:00:5e:00:00:99", vlan)).toString("base64"));
  await machine.sh(
    `for frame in ${frames.join(" ")}; do echo $frame | base64 -d | socat -u - INTERFACE:${device}; done`,
  );
};

/**
 * A guest does the same out of one of its interfaces.
 *
 * @param source the MAC address that it says is its own; left out, it really is
 */
export const shoutFromGuest = async (
  guest: Guest,
  device: string,
  vlans: readonly SentIn[],
  source?: string,
): Promise<void> => {
  const own = async () => (await guest.sh(`cat /sys/class/net/${device}/address`)).stdout.trim();
  const mac = source ?? (await own());
  await sendFrames(
    guest,
    device,
    vlans.map((vlan) => shout(mac, vlan)),
  );
};

/** `20 0`: has the tag of VLAN 20, and was sent without one. */
const arrived = (line: string): string | null => {
  const [, sent] = /\.1000 > 255\.255\.255\.255\.4(\d{3}): /.exec(line) ?? [];
  const [, seen = "untagged"] = /: vlan (\d+), /.exec(line) ?? [];
  return sent === undefined ? null : `${seen} ${String(Number(sent))}`;
};

/**
 * Which of these broadcasts leave the machine by each of its devices while something happens, each as `TAG SENT-IN`.
 *
 * @param devices to what `-Q` tcpdump(8) listens there: `out` to a port of the host's, `in` where a cable ends
 * @param during ends with something that has to pass all of them, so that what has not arrived by then never will
 */
export const arrivals = async (
  machine: Machine,
  devices: Readonly<Record<string, "in" | "out">>,
  during: () => Promise<unknown>,
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const names = Object.keys(devices);
  const captures = await Promise.all(
    names.map((name) => startCapture(machine, name, `-t -Q ${devices[name] ?? "in"}`)),
  );
  const heard = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
    const all: Record<string, readonly string[]> = {};
    for (const [index, one] of captures.entries()) {
      const lines = (await one.stop()).flatMap((line) => arrived(line) ?? []);
      all[names[index] ?? ""] = [...new Set(lines)].sort();
    }
    return all;
  };
  try {
    await during();
  } catch (error) {
    await heard();
    throw error;
  }
  return heard();
};
