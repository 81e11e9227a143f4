import { error, type Finding, good, warning } from "../finding.ts";
import type { VersionReading } from "../host-readings.ts";
import { checkVersions } from "../versions.ts";
import type { PeerReadings } from "./peer-readings.ts";
import { byText, guestsText } from "./by-guest.ts";

const numbers = (text: string): readonly number[] => text.split(".").map(Number);

const isOlder = (one: string, other: string): boolean => {
  const [a, b] = [numbers(one), numbers(other)];
  const at = a.findIndex((part, index) => part !== (b[index] ?? 0));
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
};

const compare = (
  what: string,
  peer: string,
  here: VersionReading,
  there: VersionReading,
): readonly Finding[] => {
  const check = `${what} of ${peer}`;
  if (there.kind === "none")
    return [error(check, there.why, "no guest can move there", `see journalctl on ${peer}`)];
  if (here.kind === "version" && isOlder(there.text, here.text)) {
    const why =
      "what a newer one has started, an older one may not take: a move back to the older is not promised by anybody";
    return [
      warning(
        check,
        `${there.text} there, ${here.text} here`,
        why,
        `update ${peer}, and move guests to the newer host first`,
      ),
    ];
  }
  return [good(check, there.text)];
};

const checkHardware = ({ peer, hardware }: PeerReadings): readonly Finding[] =>
  hardware.map(({ guests, what, verdict }) => {
    const check = `${what} on ${peer}`;
    const who = guestsText(guests);
    if (verdict.kind === "fits") return good(check, `fits ${who}`);
    if (verdict.kind === "unknown") {
      return warning(
        check,
        verdict.why,
        `whether QEMU there takes ${who} is not known`,
        "compare the CPUs of both hosts (lscpu)",
      );
    }
    const mend =
      'a machine type and a CPU model that both hosts have ("machine" and "cpu" of the profile); they count from the next start';
    return error(check, verdict.why, `QEMU there does not take ${who}`, mend);
  });

const checkKnown = ({ peer, arrivals, known }: PeerReadings): readonly Finding[] => {
  const reasons = arrivals.flatMap(({ domain: { name, uuid } }) => {
    const twin = known.find((one) => one.uuid === uuid);
    const namesake = known.find((one) => one.name === name && one.uuid !== uuid);
    if (twin?.running === true) return [{ guest: name, thing: "it runs there already" }];
    if (namesake !== undefined)
      return [{ guest: name, thing: `another guest has its name there (${namesake.uuid})` }];
    return twin === undefined || twin.name === name
      ? []
      : [{ guest: name, thing: `it is called ${twin.name} there` }];
  });
  return byText(reasons, (reason) => reason).map(({ thing: reason, guests }) =>
    error(
      `guests of ${peer}`,
      `${guestsText(guests)}: ${reason}`,
      "libvirt there refuses it, or two would write to the same disks",
      `virsh undefine, destroy or domrename one of them`,
    ),
  );
};

const checkClashes = ({ peer, clashes }: PeerReadings): readonly Finding[] =>
  clashes.map((clash) =>
    error(`guests of ${peer}`, clash, "only one of them can have it", "give one of them another"),
  );

/** Whether libvirt and QEMU there take the guests. */
export const checkPeerMachine = (seen: PeerReadings): readonly Finding[] => {
  const { peer, here, there, unreachable } = seen;
  const tools = checkVersions(there).filter(({ check }) => check !== "libvirt");
  return [
    ...tools.map((finding): Finding => ({ ...finding, check: `${finding.check} of ${peer}` })),
    ...compare("libvirt", peer, here.libvirt, there.libvirt),
    ...compare("QEMU", peer, here.qemu, there.qemu),
    ...(unreachable === null
      ? []
      : [
          error(
            `libvirt's way to ${peer}`,
            unreachable,
            "virsh migrate takes this way, and ssh alone is not enough",
            `virsh -c URI version, until it works`,
          ),
        ]),
    ...checkHardware(seen),
    ...checkKnown(seen),
    ...checkClashes(seen),
  ];
};
