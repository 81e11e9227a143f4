import type { PeerReadings } from "../../../../doctor/peer/peer-readings.ts";
import { readRunning, saidBy, uuidsByName, type Virsh } from "../../../../run/virsh.ts";
import type { LiveDomain } from "../../../../guest/nic.ts";
import type { Run } from "../../../../kernel/host.ts";
import { receptionOf } from "../../../../survey/reception.ts";
import { toDomains } from "../../../../survey/survey.ts";
import type { OpenHost } from "../../hosts/open-host.ts";
import { testHook } from "../../install/self-test.ts";
import { type ThisHost, readGuests } from "../../this-host.ts";
import { type GuestXml, readHardware } from "./read-hardware.ts";
import { unlessFailing } from "../unless-failing.ts";
import { readConflicts } from "./read-conflicts.ts";
import { readSide, versionIn } from "./read-side.ts";

interface Moving extends GuestXml {
  readonly domain: LiveDomain;
}

/** Returns the guests of these names, or all that have metadata of guestnet. */
const readMoving = async (names: readonly string[], live: ThisHost): Promise<readonly Moving[]> => {
  // Rejects names that no running guest has.
  if (names.length > 0) await readGuests(names, live);
  const xmls = await readRunning(live.virsh);
  return xmls.flatMap((xml) =>
    toDomains([xml]).flatMap((one) =>
      one.kind === "read" && (names.length > 0 ? names.includes(one.name) : one.domain.nics.length > 0)
        ? [{ name: one.name, xml, domain: one.domain }]
        : [],
    ),
  );
};

const readKnown = async (virsh: Virsh): Promise<PeerReadings["known"]> => {
  const [all, running] = await Promise.all([
    virsh("list", "--all", "--uuid", "--name"),
    virsh("list", "--uuid"),
  ]);
  const uuids = new Set(running.stdout.split("\n"));
  return [...uuidsByName(all.stdout)].map(([name, uuid]) => ({ uuid, name, running: uuids.has(uuid) }));
};

const readWay = ({ byUri }: OpenHost): Promise<string | null> =>
  unlessFailing(
    async () => {
      const ran = await byUri("uri");
      return ran.code === 0 ? null : saidBy(ran);
    },
    (why) => why,
  );

/** Reads the properties of the other host that are not compared. */
const readThere = async (open: OpenHost): Promise<PeerReadings["there"]> => {
  const toolVersion = (file: string, option: string) =>
    unlessFailing(
      async () => versionIn((await open.run(file, [option])).stdout, /(\d+(?:\.\d+)+)/, file),
      (why) => ({ kind: "none", why }) as const,
    );
  const [side, kernel, iproute2, nft] = await Promise.all([
    readSide(open.run, open.virsh),
    open.run("uname", ["-r"]),
    toolVersion("ip", "-V"),
    toolVersion("nft", "--version"),
  ]);
  const tested = side.hook === null ? null : await testHook(side.hook.file, null, open.run);
  return {
    ...side,
    kernel: kernel.stdout.trim(),
    versions: { iproute2, nft, libvirt: side.libvirt },
    selfTest: tested === null ? null : { ok: tested.ok, said: tested.ok ? tested.said : tested.why },
  };
};

/** Reads this host and another one, as far as guests that are to move there depend on it. */
export const readPeer = async (
  names: readonly string[],
  live: ThisHost,
  open: OpenHost,
  peer: string,
): Promise<PeerReadings> => {
  const here: Run = live.host.run;
  const moving = await readMoving(names, live);
  const [own, there, unreachable, receptions, hardware, known, conflicts] = await Promise.all([
    readSide(here, live.virsh),
    readThere(open),
    readWay(open),
    open.look((host) => Promise.all(moving.map(({ domain }) => receptionOf(domain, "coming", host)))),
    readHardware(moving, here, open),
    readKnown(open.virsh),
    readConflicts(
      moving.map(({ domain }) => domain),
      open,
      peer,
    ),
  ]);
  return { peer, here: own, there, unreachable, receptions, hardware, known, conflicts };
};
