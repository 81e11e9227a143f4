import type { Renamed } from "./to-disks.ts";

export interface Rewritten {
  readonly cmdline: string;
  /** What was changed, word by word, for the report. */
  readonly changes: readonly string[];
  /** Names of disks that the file does not have: only a person knows what they mean. */
  readonly unknown: readonly string[];
}

// Words that only a kernel on Xen understands.
const XENS =
  /^(clocksource=xen|xen\.independent_wallclock=\S*|independent_wallclock=\S*|xencons=\S*|earlyprintk=xen|xen_emul_unplug=\S*|xen_privcmd\.\S*)$/;
const SERIAL = "console=ttyS0";

/** The new name of `xvda2`: of that disk, or of the disk that the partition is on. Linux shows hda and sda as xvda, too. */
const rename = (name: string, renamed: readonly Renamed[]): string | null => {
  const [, letters = "", digits = ""] = /^((?:xvd|sd|hd)[a-z]+)(\d*)$/.exec(name) ?? [];
  const disks = renamed.filter(({ device }) => device === "disk");
  const bare = (text: string): string => text.replace(/^(xvd|sd|hd)/, "");
  const whole =
    disks.find(({ from }) => from === name) ?? disks.find(({ from }) => bare(from) === bare(name));
  if (whole !== undefined) return whole.to;
  const disk =
    disks.find(({ from }) => from === letters) ?? disks.find(({ from }) => bare(from) === bare(letters));
  return disk === undefined ? null : `${disk.to}${digits}`;
};

/** A kernel's command line for KVM: disks by their new names, the console on the serial port, Xen's words gone. */
export const rewriteCmdline = (text: string, renamed: readonly Renamed[]): Rewritten => {
  const changes: string[] = [];
  const unknown: string[] = [];
  const words = text.split(/\s+/).flatMap((word): readonly string[] => {
    if (word === "") return [];
    if (XENS.test(word)) {
      changes.push(`${word} left out`);
      return [];
    }
    const serial = /^console=(hvc\d|xvc\d)/.test(word) ? SERIAL : word;
    const disks = serial.replaceAll(/\/dev\/((?:xvd|sd|hd)[a-z]+\d*)(?![\w/])/g, (all, name: string) => {
      const to = rename(name, renamed);
      if (to === null) unknown.push(name);
      return to === null ? all : `/dev/${to}`;
    });
    if (disks !== word) changes.push(`${word} → ${disks}`);
    return [disks];
  });
  const unique = words.filter((word, index) => word !== SERIAL || words.indexOf(word) === index);
  if (unique.some((word) => word.startsWith(SERIAL))) return { cmdline: unique.join(" "), changes, unknown };
  // Without it a kernel of Xen's speaks to hvc0; on KVM it would be silent.
  return { cmdline: [...unique, SERIAL].join(" "), changes: [...changes, `${SERIAL} added`], unknown };
};
