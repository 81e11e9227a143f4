import { nicsIn, readNic, withNic } from "../../../hotplug/edit-domain.ts";
import { applySettings, type Setting } from "../../../hotplug/settings.ts";
import type { XmlElement } from "../../../xml/tree.ts";
import { Failure } from "../../../values/failure.ts";
import { type ThisHost, openThisHost } from "../this-host.ts";
import { report, warn } from "../report.ts";
import { affected, type Affecting, isChosen } from "./affected.ts";
import { makeNic } from "./attach.ts";
import { findNic, findTarget, readTarget, type Target, told } from "./target.ts";
import { setLink, writeMetadata } from "./virsh-edit.ts";

export interface SetOptions {
  readonly uri: string;
  /** Whether the guest is to see its cable pulled and put in again, so that it asks for an address. */
  readonly flap: boolean;
  readonly which: Affecting;
}

const ALL_ENDS_MS = 120_000;

/** The domain with the NIC's metadata changed: it is one that the hook would take. */
const change = (domain: XmlElement, name: string, nic: string, settings: readonly Setting[]) => {
  const found = findNic(domain, name, nic);
  if (found.metadata === null) {
    throw new Failure(
      `NIC ${nic} of guest ${name} has no metadata of guestnet: its network is not ours to change`,
    );
  }
  const applied = applySettings(found.metadata, settings);
  if (!applied.ok) throw new Failure(applied.problems.join("; "));
  const { value } = applied;
  const changed = told(domain, (guest) => withNic(guest, value));
  readNic(changed, found.mac);
  return { mac: found.mac, changed };
};

/** First the kernel, which can refuse, then the metadata; what was refused is put back. */
const setLive = async (
  target: Target,
  nic: string,
  settings: readonly Setting[],
  flap: boolean,
  live: ThisHost,
): Promise<void> => {
  const domain = await readTarget(target, "live", live);
  const { mac, changed } = change(domain, target.name, nic, settings);
  if (flap) await setLink(target, mac, "down", live);
  try {
    await makeNic("reconnect", changed, mac, live.host);
    await writeMetadata(target, changed, "live", live);
  } catch (error) {
    await makeNic("reconnect", domain, mac, live.host);
    throw error;
  } finally {
    if (flap) await setLink(target, mac, "up", live);
  }
};

const hasNic = (domain: XmlElement, nic: string): boolean =>
  nicsIn(domain).some(
    ({ mac, tap, metadata }) => metadata !== null && (tap === nic || mac === nic.toLowerCase()),
  );

/** `guestnet set GUEST NIC KEY=VALUE...`. @returns the exit code */
export const setCommand = async (
  name: string,
  nic: string,
  settings: readonly Setting[],
  { uri, flap, which: wanted }: SetOptions,
): Promise<0> => {
  const live = openThisHost("set", uri, ALL_ENDS_MS);
  const target = await findTarget(name, live);
  const next = await readTarget(target, "config", live);
  const asked = affected(wanted, "persistent", target);
  // A NIC that was attached live only is not in the XML of the next start.
  const liveOnly = !isChosen(wanted) && target.running && !hasNic(next, nic);
  const which = asked.filter((one) => !liveOnly || one === "live");
  // What cannot be set for the next start is set nowhere.
  const changed = which.includes("config") ? change(next, name, nic, settings).changed : null;
  if (which.includes("live")) await setLive(target, nic, settings, flap, live);
  if (changed !== null) await writeMetadata(target, changed, "config", live);
  if (liveOnly) warn(`NIC ${nic} is not in the XML of the guest's next start: it was changed live only`);
  report(
    `guest ${name}: NIC ${nic}: ${settings.map(({ key, value }) => `${key}=${value}`).join(" ")}, ${which.join(" and ")}`,
  );
  return 0;
};
