import { readManagedNic, withInterface, withNic } from "../../../hotplug/edit-domain.ts";
import { applySettings, type NicSetting } from "../../../hotplug/settings.ts";
import { desiredAt } from "../../../kernel/desired/desired-at.ts";
import { evpnBridgesOf, occasionOf } from "../../../kernel/occasion.ts";
import { unmetText } from "../../../kernel/facts/demand.ts";
import type { Host } from "../../../kernel/host.ts";
import { toAsked } from "../../../kernel/observe/observe.ts";
import { compare } from "../../../survey/compare.ts";
import type { Mac } from "../../../values/mac.ts";
import type { XmlElement } from "../../../xml/tree.ts";
import { Failure } from "../../../values/failure.ts";
import { type ThisHost, openThisHost } from "../this-host.ts";
import { report } from "../reporter.ts";
import { affected, type Affecting } from "./affected.ts";
import { makeNic, unplugged } from "./attach.ts";
import { findNic, findTarget, readTarget, type Target, told } from "./target.ts";
import { device, setLink, writeMetadata } from "./virsh-edit.ts";
import { quoteWord } from "../../../values/shell-word.ts";

export interface SetOptions {
  readonly uri: string;
  /** Whether to toggle the guest's link, so that it renews its lease. */
  readonly flap: boolean;
  readonly which: Affecting;
}

const ALL_ENDS_MS = 120_000;

/** Of a device that is on (include/uapi/linux/if.h). */
const IFF_UP = 1;

/** A NIC in a domain that the hook would take, as it is or as it will be. */
interface SetNic {
  readonly domain: XmlElement;
  readonly element: XmlElement;
}

interface Change {
  readonly mac: Mac;
  readonly tap: string | null;
  readonly before: SetNic;
  readonly after: SetNic;
}

const change = (domain: XmlElement, name: string, nic: string, settings: readonly NicSetting[]): Change => {
  const { mac, tap, metadata, element } = findNic(domain, name, nic);
  if (metadata === null) {
    throw new Failure(
      `cannot change NIC ${nic} of guest ${name}: it has no metadata of guestnet`,
      `virsh dumpxml ${quoteWord(name)}`,
    );
  }
  const applied = applySettings({ metadata, element }, settings);
  if (!applied.ok)
    throw new Failure(
      `cannot change NIC ${nic} of guest ${name}: ${applied.problems.join("; ")}`,
      "guestnet set --help",
    );
  const { value } = applied;
  const withMetadata = told(domain, (guest) => withNic(guest, value.metadata));
  const changed = withInterface(withMetadata, element, value.element);
  readManagedNic(changed, mac);
  return {
    mac,
    tap,
    before: { domain, element },
    after: { domain: changed, element: value.element },
  };
};

const setTap = async (tap: string, state: "up" | "down", { run }: Host): Promise<void> => {
  const { code, stderr } = await run("ip", ["link", "set", "dev", tap, state]);
  if (code !== 0)
    throw new Failure(`cannot set tap ${tap} ${state}: ${stderr.trim()}`, `ip link show dev ${tap}`);
};

/** libvirt would act before the hook's part can refuse: so what the host lacks is looked for first. */
const refuseUnmet = async ({ domain }: SetNic, mac: Mac, host: Host): Promise<void> => {
  const read = readManagedNic(domain, mac);
  const evpn = evpnBridgesOf([read.nic], host);
  const desired = desiredAt("reconnect", read.nic, occasionOf(read.nic, read.domain.uuid, "here", evpn));
  if (desired === null) return;
  const state = await compare(desired, toAsked(host));
  if (state.kind === "blocked")
    throw new Failure(
      `cannot configure NIC ${mac}: ${state.unmet.map(unmetText).join("; ")}`,
      "guestnet doctor",
    );
};

/**
 * Returns what makes a NIC one of a change's two sides. Another `<vlan>` is libvirt's to set, which puts the port on its bridge
 * anew: unlocked, and learning. So the tap is down until the hook's part is right as well; the guest sees nothing of that.
 */
const making = async (
  target: Target,
  { mac, tap, before, after }: Change,
  flap: boolean,
  live: ThisHost,
): Promise<(side: SetNic) => Promise<void>> => {
  const { host } = live;
  if (tap === null || before.element === after.element)
    return ({ domain }) => makeNic("reconnect", domain, mac, host);
  await refuseUnmet(after, mac, host);
  const wasUp = (Number(host.readFile(`/sys/class/net/${tap}/flags`)) & IFF_UP) !== 0;
  return async ({ domain, element }) => {
    await setTap(tap, "down", host);
    await device("update", target, flap ? unplugged(element) : element, "live", live);
    await makeNic("reconnect", domain, mac, host);
    if (wasUp) await setTap(tap, "up", host);
  };
};

/** First the kernel, which can refuse, then the metadata; what was refused is put back. */
const setLive = async (
  target: Target,
  nic: string,
  settings: readonly NicSetting[],
  flap: boolean,
  live: ThisHost,
): Promise<void> => {
  const changed = change(await readTarget(target, "live", live), target.name, nic, settings);
  const make = await making(target, changed, flap, live);
  if (flap) await setLink(target, changed.mac, "down", live);
  try {
    await make(changed.after);
    await writeMetadata(target, changed.after.domain, "live", live);
  } catch (error) {
    await make(changed.before);
    throw error;
  } finally {
    if (flap) await setLink(target, changed.mac, "up", live);
  }
};

const setConfig = async (target: Target, { before, after }: Change, live: ThisHost): Promise<void> => {
  if (before.element !== after.element) await device("update", target, after.element, "config", live);
  await writeMetadata(target, after.domain, "config", live);
};

/** `guestnet set GUEST NIC KEY=VALUE...`. @returns the exit code */
export const setCommand = async (
  name: string,
  nic: string,
  settings: readonly NicSetting[],
  { uri, flap, which: wanted }: SetOptions,
): Promise<0> => {
  const live = openThisHost("set", uri, ALL_ENDS_MS);
  const target = await findTarget(name, live);
  const which = affected(wanted, target);
  // What cannot be set for the next start is set nowhere.
  const changed = which.includes("config")
    ? change(await readTarget(target, "config", live), name, nic, settings)
    : null;
  if (which.includes("live")) await setLive(target, nic, settings, flap, live);
  if (changed !== null) await setConfig(target, changed, live);
  report(
    `guest ${name}: NIC ${nic}: ${settings.map(({ key, value }) => `${key}=${value}`).join(" ")}, ${which.join(" and ")}`,
  );
  return 0;
};
