import { isPassed, type ProfileNic } from "../guest/profile.ts";
import type { Site } from "../guest/site.ts";
import { interfaceElement } from "../libvirt/domain/parts/interfaces.ts";
import { nicMetadata } from "../libvirt/metadata/nic-elements.ts";
import { deriveInterfaceId, deriveMac, deriveTap } from "../profile/normalize/derive.ts";
import { type ReadNic, readNic } from "../profile/parse.ts";
import { Failure } from "../values/failure.ts";
import type { Issue } from "../values/issue.ts";
import { PORTABLE } from "../values/libvirt-version.ts";
import { type GuestName, parseGuestName } from "../values/names.ts";
import { good, type Result } from "../values/result.ts";
import type { XmlElement } from "../xml/tree.ts";
import { type DomainNic, nicsIn } from "./edit-domain.ts";
import { quoteWord } from "../values/shell-word.ts";

/** The first number whose derived names no NIC of the guest has. */
const freeIndex = (name: GuestName, there: readonly DomainNic[]): number => {
  let index = there.length;
  while (there.some(({ mac, tap }) => mac === deriveMac(name, index) || tap === deriveTap(name, index)))
    index += 1;
  return index;
};

/** The NIC with absent keys derived from its number in the guest, not in the file. */
const numbered = ({ nic, isWritten }: ReadNic, name: GuestName, index: number): ProfileNic => {
  const mac = isWritten("mac") ? nic.mac : deriveMac(name, index);
  if (isPassed(nic)) return { ...nic, mac };
  const tap = isWritten("tap") ? nic.tap : deriveTap(name, index);
  const { attachment } = nic;
  return attachment.kind === "ovs"
    ? { ...nic, mac, tap, attachment: { ...attachment, interfaceId: deriveInterfaceId(name, index) } }
    : { ...nic, mac, tap };
};

/** A NIC as a file has it, for a guest of this name. */
export interface ParsedNic {
  readonly guest: GuestName;
  readonly read: ReadNic;
}

/**
 * Reads one element of a profile's `interfaces` for a guest of this name, whatever NICs it has.
 *
 * @param site what names of VLANs mean, or null
 * @returns the NIC, or all that is wrong with the text
 */
export const parseNewNic = (text: string, name: string, site: Site | null): Result<ParsedNic, Issue> => {
  const guest = parseGuestName(name);
  if (guest === null) {
    throw new Failure(
      `cannot derive names for a NIC of guest ${name}: genxml rejects this name`,
      `virsh domrename ${quoteWord(name)} NAME`,
    );
  }
  const read = readNic(text, guest, site);
  return read.ok ? good({ guest, read: read.value }) : read;
};

/** A pair is two devices, of which this is one. */
const expectNoPair = (nic: ProfileNic): void => {
  if (!isPassed(nic) && nic.failover !== null)
    throw new Failure(
      "cannot attach a NIC with failover to a guest: it is two devices",
      "genxml guest.json | virsh define /dev/stdin",
    );
};

/** Returns the `<interface>` and metadata of a new NIC of an existing guest. @param domain the guest's XML */
export const newNic = ({ guest, read }: ParsedNic, domain: XmlElement): DomainNic => {
  const there = nicsIn(domain);
  const nic = numbered(read, guest, freeIndex(guest, there));
  expectNoPair(nic);
  const fresh: DomainNic = {
    mac: nic.mac,
    tap: isPassed(nic) ? null : nic.tap,
    element: interfaceElement(nic, PORTABLE),
    metadata: nicMetadata(nic, PORTABLE),
  };
  const taken = there.find(({ mac, tap }) => mac === fresh.mac || (tap !== null && tap === fresh.tap));
  if (taken === undefined) return fresh;
  throw new Failure(
    `cannot attach NIC ${fresh.mac}: guest ${guest} has a NIC with MAC address ${taken.mac} and tap ${taken.tap ?? "(none)"}`,
    'leave out "mac" and "tap", or choose others',
  );
};
