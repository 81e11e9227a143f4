import { converge } from "../../../kernel/converge.ts";
import { desiredAt } from "../../../kernel/desired/desired-at.ts";
import type { Operation } from "../../../kernel/desired/operation.ts";
import { edited, guestElement, readNic, type Wired, withWish } from "../../../hotplug/edit-domain.ts";
import { readNewNic } from "../../../hotplug/new-nic.ts";
import { attribute, child, type XmlElement } from "../../../xml/read-xml.ts";
import { Failure } from "../../../values/failure.ts";
import { renderIssue } from "../../../values/issue.ts";
import type { Host } from "../../../kernel/host.ts";
import type { Site } from "../../../guest/site.ts";
import { parseHost } from "../../../site/parse.ts";
import { type Live, openLive } from "../live.ts";
import { say } from "../say.ts";
import { readText } from "./read-text.ts";
import { findTarget, readTarget, type Target, told, type Which } from "./target.ts";
import { device, setLink, writeMetadata } from "./virsh-edit.ts";

export interface AttachOptions {
  readonly uri: string;
  readonly host: string | null;
  readonly persistent: boolean;
}

const ALL_ENDS_MS = 120_000;

const isDown = (element: XmlElement): boolean => attribute(child(element, "link"), "state") === "down";

/** The same NIC without a cable in it. */
const unplugged = (element: XmlElement): XmlElement => ({
  ...element,
  children: [
    ...element.children.filter(({ name }) => name !== "link"),
    { namespace: null, name: "link", attributes: { state: "down" }, children: [], text: "" },
  ],
});

/** Makes one NIC of ours what it is at an operation of the hook. Fails with what the hook would have said. */
export const makeNic = async (
  operation: Operation,
  domain: XmlElement,
  mac: Wired["mac"],
  host: Host,
): Promise<void> => {
  const read = readNic(domain, mac);
  const desired = desiredAt(operation, read.nic, read.domain, "here");
  if (desired === null) return;
  const converged = await converge(desired, host);
  if (converged.kind === "refused") throw new Failure(converged.reasons.join("; "));
  if (converged.kind === "failed") throw new Failure(converged.reason);
};

/** The guest gets to see a NIC only when its tap is right: a routed tap is made before, and a port's cable put in after. */
const attachLive = async (target: Target, fresh: Wired, live: Live): Promise<void> => {
  const before = await readTarget(target, "live", live);
  const { wish, element, mac } = fresh;
  if (wish === null) {
    await device("attach", target, element, "live", live);
    return;
  }
  const guest = withWish(guestElement(before), wish);
  const after = edited(before, guest, element);
  const routed = readNic(after, mac).nic.attachment.kind === "routed";
  const undo = async (error: unknown): Promise<never> => {
    if (routed) await makeNic("release", after, mac, live.host);
    throw error;
  };
  if (routed) await makeNic("prepare", after, mac, live.host);
  await device("attach", target, routed ? element : unplugged(element), "live", live).catch(undo);
  try {
    if (!routed) await makeNic("reconnect", after, mac, live.host);
    await writeMetadata(target, after, "live", live);
  } catch (error) {
    await device("detach", target, element, "live", live);
    throw error;
  }
  if (!routed && !isDown(element)) await setLink(target, mac, "up", live);
};

const attachConfig = async (target: Target, { wish, element }: Wired, live: Live): Promise<void> => {
  // First the NIC: metadata without a NIC keeps a guest from starting, a NIC without metadata is only dark.
  await device("attach", target, element, "config", live);
  if (wish === null) return;
  const domain = await readTarget(target, "config", live);
  await writeMetadata(
    target,
    told(domain, (guest) => withWish(guest, wish)),
    "config",
    live,
  );
};

const readSite = async (file: string | null): Promise<Site | null> => {
  if (file === null) return null;
  const parsed = parseHost(await readText(file));
  if (parsed.ok) return parsed.value;
  throw new Failure(parsed.problems.map((issue) => renderIssue(file, issue)).join("\n"));
};

/** `guestnet attach GUEST FILE`. @returns the exit code */
export const attachCommand = async (
  name: string,
  file: string,
  { uri, host, persistent }: AttachOptions,
): Promise<0 | 1> => {
  const live = openLive("attach", uri, ALL_ENDS_MS);
  const [text, site] = [await readText(file), await readSite(host)];
  const target = await findTarget(name, live);
  if (!target.running && !persistent) {
    throw new Failure(`guest ${name} is not running: --persistent gives it the NIC for its next start`);
  }
  const which: readonly Which[] = [
    ...(target.running ? (["live"] as const) : []),
    ...(persistent ? (["config"] as const) : []),
  ];
  const [first = "live"] = which;
  const fresh = readNewNic(text, name, await readTarget(target, first, live), site);
  if (!fresh.ok) {
    for (const issue of fresh.problems) process.stderr.write(`${renderIssue(file, issue)}\n`);
    return 1;
  }
  if (which.includes("live")) await attachLive(target, fresh.value, live);
  if (which.includes("config")) await attachConfig(target, fresh.value, live);
  say(
    `guest ${name}: attached NIC ${fresh.value.tap ?? fresh.value.mac} (${fresh.value.mac}), ${which.join(" and ")}`,
  );
  return 0;
};
