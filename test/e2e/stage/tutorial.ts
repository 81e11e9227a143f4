import { expect } from "@jest/globals";
import { fencesOf } from "../../docs/pages.ts";
import { guestImage, type GuestImage, type Libvirt, type Machine } from "../../lab/lab.ts";
import { bootScript } from "./guest/guest-side.ts";
import { cannotReach, reaches } from "./traffic/ping.ts";
import { until } from "./until.ts";

/** Who follows a tutorial, and where. */
export interface Reader {
  readonly host: Machine;
  /** libvirt, which is another one after a reboot. */
  readonly libvirt: () => Promise<Libvirt>;
  /** The directory in which the reader saves the page's files and types its commands. */
  readonly directory: string;
  /** The guests' system, as the host sees it. */
  readonly image: Pick<GuestImage, "kernel" | "initrd">;
  /** Runs a block of a whole machine, by its third word: its network manager, its reboot. */
  readonly whole: Readonly<Record<string, (text: string) => Promise<void>>>;
}

interface Written {
  readonly name: string;
  readonly interfaces: readonly object[];
}

/** The profile of a page, with the lab's tiny system, configured by what genxml writes, in place of its disks. */
const runnable = (text: string, { kernel, initrd }: Reader["image"]): string => {
  const profile = JSON.parse(text) as Written;
  const image = guestImage();
  const boot = { kernel, initrd, cmdline: image.cmdline(bootScript(profile.name, profile.interfaces)) };
  const memory = `${String(image.memory)} MiB`;
  return JSON.stringify({ ...profile, disks: [], memory, virtType: "qemu", boot });
};

/** A command of a page on a loaded machine: a start of three guests takes half a minute on a quiet one. */
const BLOCK_MS = 300_000;

const onHost = async ({ host, directory }: Reader, text: string, code: number): Promise<void> => {
  const argv = ["sh", "-c", `set -e; cd ${directory}; PATH=/run/bin:$PATH; ${text}`];
  const ran = await host.run(argv, { timeoutMs: BLOCK_MS });
  expect({ text, ...ran }).toEqual({ text, ...ran, code });
};

const inGuest = async (
  { libvirt }: Reader,
  name: string,
  text: string,
  isReached: boolean,
): Promise<void> => {
  const guest = (await libvirt()).guest(name);
  const lines = text.trim().split("\n");
  const ping = lines.pop() ?? "";
  for (const line of lines) expect((await guest.sh(line)).code).toBe(0);
  const target = ping.split(" ").at(-1) ?? "";
  const source = / -I (\S+)/.exec(ping)?.[1];
  const where = source === undefined ? target : `-I ${source} ${target}`;
  expect([text, isReached ? await reaches(guest, where) : await cannotReach(guest, where)]).toEqual([
    text,
    true,
  ]);
};

/**
 * Follows a tutorial, block by block, in their order:
 *
 * - `json profile NAME`, `json host NAME` and `yaml NAME` are saved;
 * - `sh host` is typed on the host. `sh host exits N` ends with that code, `sh host reaches` once its guests have booted;
 * - `sh host WORD` is of a whole machine;
 * - `sh guest NAME reaches`, and `cannot reach`, end with a ping that is typed in that guest.
 *
 * All other blocks need the internet, or more hosts.
 */
export const follow = async (page: string, reader: Reader): Promise<void> => {
  const save = (name: string, text: string): Promise<void> =>
    reader.host.writeFile(`${reader.directory}/${name}`, text);
  for (const { info, text } of fencesOf(`docs/tutorial/${page}.md`)) {
    const [language = "", place = "", name = "", ...more] = info;
    const kind = `${language} ${place}`;
    if (kind === "json profile") await save(name, runnable(text, reader.image));
    else if (kind === "json host") await save(name, text);
    else if (language === "yaml") await save(place, text);
    else if (kind === "sh guest") await inGuest(reader, name, text, more[0] === "reaches");
    else if (kind === "sh host" && name in reader.whole) await reader.whole[name]?.(text);
    else if (kind === "sh host") {
      if (name === "reaches") await until(reader.host, /^ping .*$/m.exec(text)?.[0] ?? "false");
      await onHost(reader, text, name === "exits" ? Number(more[0]) : 0);
    }
  }
};
