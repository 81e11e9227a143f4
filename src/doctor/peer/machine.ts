import { error, type Finding, ok, warning } from "../finding.ts";
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
    return [
      error(check, there.why, "no guest can move there", `on ${peer}: journalctl -u libvirtd -u virtqemud`),
    ];
  if (here.kind === "version" && isOlder(there.text, here.text)) {
    const impact = "a guest that was started by the newer version may fail to move to the older one";
    return [
      warning(
        check,
        `${there.text} there, ${here.text} here`,
        impact,
        `update ${peer}, and move guests to the newer host first`,
      ),
    ];
  }
  return [ok(check, there.text)];
};

const checkHardware = ({ peer, hardware }: PeerReadings): readonly Finding[] =>
  hardware.map(({ guests, what, verdict }) => {
    const check = `${what} on ${peer}`;
    const who = guestsText(guests);
    if (verdict.kind === "fits") return ok(check, `fits ${who}`);
    if (verdict.kind === "unknown") {
      return warning(
        check,
        verdict.why,
        `QEMU there may refuse ${who}`,
        "compare the output of lscpu on both hosts",
      );
    }
    const fix = 'set "machine" and "cpu" in the profile to what both hosts have, and start the guest again';
    return error(check, verdict.why, `QEMU there refuses ${who}`, fix);
  });

const checkKnown = ({ peer, receptions, known }: PeerReadings): readonly Finding[] => {
  const reasons = receptions.flatMap(({ domain: { name, uuid } }) => {
    const twin = known.find((one) => one.uuid === uuid);
    const namesake = known.find((one) => one.name === name && one.uuid !== uuid);
    if (twin?.running === true) return [{ guest: name, thing: "already runs there" }];
    if (namesake !== undefined)
      return [{ guest: name, thing: `another guest has this name there (${namesake.uuid})` }];
    return twin === undefined || twin.name === name
      ? []
      : [{ guest: name, thing: `is defined as ${twin.name} there` }];
  });
  return byText(reasons, (reason) => reason).map(({ thing: reason, guests }) =>
    error(
      `guests of ${peer}`,
      `${guestsText(guests)}: ${reason}`,
      "libvirt there refuses the migration, or two guests would write to the same disks",
      "virsh undefine, destroy or domrename one of them",
    ),
  );
};

const checkConflicts = ({ peer, conflicts }: PeerReadings): readonly Finding[] =>
  conflicts.map((conflict) =>
    error(`guests of ${peer}`, conflict, "only one guest can use it", "change it for one of the guests"),
  );

/** Checks whether libvirt and QEMU there accept the guests. */
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
            `connection to libvirt on ${peer}`,
            unreachable,
            "virsh migrate needs this connection, and ssh alone is not enough",
            "virsh -c URI version",
          ),
        ]),
    ...checkHardware(seen),
    ...checkKnown(seen),
    ...checkConflicts(seen),
  ];
};
