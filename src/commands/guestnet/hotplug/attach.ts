import { converge } from "../../../kernel/converge.ts";
import { desiredAt } from "../../../kernel/desired/desired-at.ts";
import { evpnBridgesOf, occasionOf } from "../../../kernel/occasion.ts";
import type { Operation } from "../../../kernel/desired/operation.ts";
import {
  edited,
  guestElement,
  readManagedNic,
  type DomainNic,
  withNic,
} from "../../../hotplug/edit-domain.ts";
import { newNic, parseNewNic } from "../../../hotplug/new-nic.ts";
import { appended, withoutNamed } from "../../../xml/edit.ts";
import { attribute, child, element, type XmlElement } from "../../../xml/tree.ts";
import { Failure } from "../../../values/failure.ts";
import { readText, STDIN } from "../../../files/read-file.ts";
import { good, type Result } from "../../../values/result.ts";
import { type Issue, renderIssue } from "../../../values/issue.ts";
import type { Host } from "../../../kernel/host.ts";
import type { Site } from "../../../guest/site.ts";
import { writtenKind } from "../../../libvirt/metadata/nic-elements.ts";
import { parseSite } from "../../../site/site.ts";
import { type ThisHost, openThisHost } from "../this-host.ts";
import { report } from "../reporter.ts";
import { affected, type Affecting } from "./affected.ts";
import { findTarget, readTarget, type Target, told } from "./target.ts";
import { device, setLink, writeMetadata } from "./virsh-edit.ts";

export interface AttachOptions {
  readonly uri: string;
  /** A host.json that explains names of VLANs, or null. */
  readonly site: string | null;
  readonly which: Affecting;
}

const ALL_ENDS_MS = 120_000;

const isDown = (nic: XmlElement): boolean => attribute(child(nic, "link"), "state") === "down";

/** The same NIC without a cable in it. */
export const unplugged = (nic: XmlElement): XmlElement =>
  appended(withoutNamed(nic, "link"), element("link", { state: "down" }));

/** Sets up one NIC as the hook does at an operation. Fails with the hook's error. */
export const makeNic = async (
  operation: Operation,
  domain: XmlElement,
  mac: DomainNic["mac"],
  host: Host,
): Promise<void> => {
  const read = readManagedNic(domain, mac);
  const evpn = evpnBridgesOf([read.nic], host);
  const desired = desiredAt(operation, read.nic, occasionOf(read.nic, read.domain.uuid, "here", evpn));
  if (desired === null) return;
  const converged = await converge(desired, host);
  if (converged.kind === "refused")
    throw new Failure(`cannot configure NIC ${mac}: ${converged.reasons.join("; ")}`, "guestnet doctor");
  if (converged.kind === "failed")
    throw new Failure(`cannot configure NIC ${mac}: ${converged.reason}`, "guestnet status");
};

/** The guest gets to see a NIC only when its tap is right: the hook's own tap is made before, and the cable of libvirt's put in after. */
const attachLive = async (target: Target, fresh: DomainNic, live: ThisHost): Promise<void> => {
  const before = await readTarget(target, "live", live);
  const { metadata, element: nic, mac } = fresh;
  if (metadata === null) {
    await device("attach", target, nic, "live", live);
    return;
  }
  const guest = withNic(guestElement(before), metadata);
  const after = edited(before, guest, nic);
  const { managed } = writtenKind(readManagedNic(after, mac).nic.attachment);
  const undo = async (error: unknown): Promise<never> => {
    if (!managed) await makeNic("release", after, mac, live.host);
    throw error;
  };
  if (!managed) await makeNic("prepare", after, mac, live.host);
  await device("attach", target, managed ? unplugged(nic) : nic, "live", live).catch(undo);
  try {
    if (managed) await makeNic("reconnect", after, mac, live.host);
    await writeMetadata(target, after, "live", live);
  } catch (error) {
    await device("detach", target, nic, "live", live);
    throw error;
  }
  if (managed && !isDown(nic)) await setLink(target, mac, "up", live);
};

const attachConfig = async (
  target: Target,
  { metadata, element: nic }: DomainNic,
  live: ThisHost,
): Promise<void> => {
  // First the NIC: metadata without a NIC keeps a guest from starting, a NIC without metadata is only dark.
  await device("attach", target, nic, "config", live);
  if (metadata === null) return;
  const domain = await readTarget(target, "config", live);
  await writeMetadata(
    target,
    told(domain, (guest) => withNic(guest, metadata)),
    "config",
    live,
  );
};

const readSite = async (file: string | null): Promise<Result<Site | null, Issue>> =>
  file === null ? good(null) : parseSite(await readText(file));

/** Reports what is wrong with an input. @returns the exit code */
const reject = (file: string, problems: readonly Issue[]): 1 => {
  for (const issue of problems) process.stderr.write(`${renderIssue(file === "-" ? STDIN : file, issue)}\n`);
  return 1;
};

/** `guestnet attach GUEST FILE`. @returns the exit code */
export const attachCommand = async (
  name: string,
  file: string,
  { uri, site: siteFile, which: wanted }: AttachOptions,
): Promise<0 | 1> => {
  const [text, site] = [await readText(file), await readSite(siteFile)];
  if (!site.ok) return reject(siteFile ?? "", site.problems);
  const parsed = parseNewNic(text, name, site.value);
  if (!parsed.ok) return reject(file, parsed.problems);
  const live = openThisHost("attach", uri, ALL_ENDS_MS);
  const target = await findTarget(name, live);
  const which = affected(wanted, target);
  const [first = "live"] = which;
  const fresh = newNic(parsed.value, await readTarget(target, first, live));
  if (which.includes("live")) await attachLive(target, fresh, live);
  if (which.includes("config")) await attachConfig(target, fresh, live);
  report(`guest ${name}: attached NIC ${fresh.tap ?? fresh.mac} (${fresh.mac}), ${which.join(" and ")}`);
  return 0;
};
