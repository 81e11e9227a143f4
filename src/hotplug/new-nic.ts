import type { ProfileNic } from "../guest/profile.ts";
import { isPassed } from "../guest/profile.ts";
import type { Site } from "../guest/site.ts";
import { interfaceElement } from "../libvirt/domain/interfaces.ts";
import { nicMetadata } from "../libvirt/metadata/write-metadata.ts";
import { deriveInterfaceId, deriveMac, deriveTap } from "../profile/normalize/derive.ts";
import { readProfile } from "../profile/parse.ts";
import { Failure } from "../values/failure.ts";
import type { Issue } from "../values/issue.ts";
import { PORTABLE } from "../values/libvirt-version.ts";
import { type GuestName, parseGuestName } from "../values/names.ts";
import { good, refused, type Result } from "../values/result.ts";
import type { XmlElement } from "../xml/tree.ts";
import { type DomainNic, nicsIn } from "./edit-domain.ts";

/** What comes before a NIC's text to make it a profile: on the NIC's own first line, so that lines stay what they are. */
const before = (name: GuestName): string => `{ "name": "${name}", "memory": "1 GiB", "interfaces": [`;

/** Where in the NIC's own text an issue is. */
const moved = ({ position, path, ...issue }: Issue, columns: number): Issue => ({
  ...issue,
  path: path.slice(2),
  position: position.line === 1 ? { line: 1, column: Math.max(1, position.column - columns) } : position,
});

/** The first number whose derived names no NIC of the guest has. */
const freeIndex = (name: GuestName, there: readonly DomainNic[]): number => {
  let index = there.length;
  while (there.some(({ mac, tap }) => mac === deriveMac(name, index) || tap === deriveTap(name, index)))
    index += 1;
  return index;
};

/** The NIC with what the profile leaves out derived from its number in the guest, not in the file. */
const numbered = (
  nic: ProfileNic,
  written: Readonly<Record<string, unknown>>,
  name: GuestName,
  index: number,
): ProfileNic => {
  const mac = written["mac"] === undefined ? deriveMac(name, index) : nic.mac;
  if (isPassed(nic)) return { ...nic, mac };
  const tap = written["tap"] === undefined ? deriveTap(name, index) : nic.tap;
  const { attachment } = nic;
  return attachment.kind === "ovs"
    ? { ...nic, mac, tap, attachment: { ...attachment, interfaceId: deriveInterfaceId(name, index) } }
    : { ...nic, mac, tap };
};

const writtenNic = (value: unknown): Readonly<Record<string, unknown>> => {
  const interfaces: unknown = Object.entries(value ?? {}).find(([key]) => key === "interfaces")?.[1];
  const [first] = Array.isArray(interfaces) ? (interfaces as readonly unknown[]) : [];
  return Object.fromEntries(Object.entries(first ?? {}));
};

/**
 * Reads one element of a profile's `interfaces` for a guest that is there already.
 *
 * @param domain the guest's XML
 * @param site what names of VLANs mean, or null
 * @returns its `<interface>` and metadata, or all that is wrong with the text
 */
export const readNewNic = (
  text: string,
  name: string,
  domain: XmlElement,
  site: Site | null,
): Result<DomainNic, Issue> => {
  const guest = parseGuestName(name);
  if (guest === null)
    throw new Failure(`guest ${name}: nothing can be derived from this name: genxml would refuse it`);
  const head = before(guest);
  const read = readProfile(`${head}${text}]}`, site);
  if (!read.ok) return refused(...read.problems.map((issue) => moved(issue, head.length)));
  const { profile, document } = read.value;
  const [first, second] = profile.interfaces;
  if (first === undefined || second !== undefined)
    throw new Failure("the file must have exactly one interface in it");
  const there = nicsIn(domain);
  const nic = numbered(first, writtenNic(document.value), guest, freeIndex(guest, there));
  const fresh: DomainNic = {
    mac: nic.mac,
    tap: isPassed(nic) ? null : nic.tap,
    element: interfaceElement(nic, PORTABLE),
    metadata: nicMetadata(nic, PORTABLE),
  };
  const clash = there.find(({ mac, tap }) => mac === fresh.mac || (tap !== null && tap === fresh.tap));
  if (clash !== undefined) {
    throw new Failure(
      `guest ${name} has a NIC with MAC address ${clash.mac} and tap ${clash.tap ?? "(none)"} already`,
    );
  }
  return good(fresh);
};
