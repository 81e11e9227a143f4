import { setTimeout as sleep } from "node:timers/promises";
import { type DomainNic, nicsIn, withoutNic } from "../../../hotplug/edit-domain.ts";
import { Failure } from "../../../values/failure.ts";
import { whileShowing } from "../progress.ts";
import { type ThisHost, openThisHost } from "../this-host.ts";
import { report } from "../reporter.ts";
import { affected, type Affecting } from "./affected.ts";
import { makeNic } from "./attach.ts";
import { findNic, findTarget, readTarget, type Target, told } from "./target.ts";
import { device, writeMetadata } from "./virsh-edit.ts";

export interface DetachOptions {
  readonly uri: string;
  readonly which: Affecting;
}

const ALL_ENDS_MS = 120_000;
/** A guest's system has to let go of the device; one that is booting, or ignores ACPI, never does. */
const LET_GO_MS = 30_000;
const LOOK_AGAIN_MS = 500;

const isGone = async (target: Target, { mac }: DomainNic, live: ThisHost): Promise<boolean> =>
  !nicsIn(await readTarget(target, "live", live)).some((one) => one.mac === mac);

const waitUntilGone = async (target: Target, nic: DomainNic, live: ThisHost): Promise<void> => {
  for (let waited = 0; waited < LET_GO_MS; waited += LOOK_AGAIN_MS) {
    if (await isGone(target, nic, live)) return;
    await sleep(LOOK_AGAIN_MS);
  }
  const seconds = String(LET_GO_MS / 1000);
  throw new Failure(
    `cannot detach NIC ${nic.tap ?? nic.mac}: guest ${target.name} did not release it within ${seconds} s, and it still works`,
    "release the device in the guest, and detach it again",
  );
};

/** The metadata goes when the guest has let go: until then the NIC works on. */
const detachLive = async (target: Target, name: string, live: ThisHost): Promise<void> => {
  const domain = await readTarget(target, "live", live);
  const nic = findNic(domain, target.name, name);
  await device("detach", target, nic.element, "live", live);
  await waitUntilGone(target, nic, live);
  if (nic.metadata === null) return;
  await writeMetadata(
    target,
    told(await readTarget(target, "live", live), (guest) => withoutNic(guest, nic.mac)),
    "live",
    live,
  );
  await makeNic("release", domain, nic.mac, live.host);
};

/** Here the metadata goes first: with it and without its NIC the guest would not start. */
const detachConfig = async (target: Target, name: string, live: ThisHost): Promise<void> => {
  const domain = await readTarget(target, "config", live);
  const nic = findNic(domain, target.name, name);
  if (nic.metadata !== null) {
    await writeMetadata(
      target,
      told(domain, (guest) => withoutNic(guest, nic.mac)),
      "config",
      live,
    );
  }
  await device("detach", target, nic.element, "config", live);
};

/** `guestnet detach GUEST NIC`. @returns the exit code */
export const detachCommand = async (
  name: string,
  nic: string,
  { uri, which: wanted }: DetachOptions,
): Promise<0> => {
  const live = openThisHost("detach", uri, ALL_ENDS_MS);
  const target = await findTarget(name, live);
  const which = affected(wanted, target);
  const [first = "live"] = which;
  const { mac } = findNic(await readTarget(target, first, live), name, nic);
  // If both are changed, the NIC is in both, or nothing is done.
  if (which.includes("config")) findNic(await readTarget(target, "config", live), name, mac);
  if (which.includes("live")) {
    await whileShowing(process.stderr, `waiting for guest ${name} to release NIC ${nic}`, () =>
      detachLive(target, mac, live),
    );
  }
  if (which.includes("config")) await detachConfig(target, mac, live);
  report(`guest ${name}: detached NIC ${nic}, ${which.join(" and ")}`);
  return 0;
};
