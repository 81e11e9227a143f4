import { parseGuestName, parseUuid } from "../../values/names.ts";
import { elementsIn, type XmlElement } from "../../xml/tree.ts";
import type { WrittenNic } from "../to-profile/attachment.ts";
import type { BridgeMap } from "../to-profile/bridge-map.ts";
import type { Draft } from "../report/imported-guest.ts";
import { quoteWord } from "../../values/shell-word.ts";
import { renderSize } from "../../values/size.ts";
import { readSizes } from "./machine.ts";
import { moveNic, type Moving } from "./move-nic.ts";
import type { DomainReader } from "./reader.ts";

const hasPassword = (node: XmlElement): boolean =>
  Object.keys(node.attributes).some((name) => name.includes("passwd")) || elementsIn(node).some(hasPassword);

/**
 * A KVM guest as a profile that completes its own XML: NICs that `--bridge-map` is for go to their new bridge, all else stays.
 *
 * @param template where the document will be found, seen from the profile
 */
export const importKvm = (
  reader: DomainReader,
  map: BridgeMap,
  template: string,
): Pick<Draft, "profile" | "unmapped" | "networks" | "portgroups"> | null => {
  const { report, root } = reader;
  const name = reader.text(root, "name");
  const guest = parseGuestName(name?.value ?? "");
  if (name === null || guest === null) {
    report.refuse(
      "import-name",
      name ?? reader.origin(root),
      `must be a name that "name" of a profile can be, found ${name?.found ?? "none"}: change it first (virsh domrename)`,
    );
    return null;
  }
  const sizes = readSizes(reader);
  const uuid = reader.text(root, "uuid");
  const id = uuid === null ? null : parseUuid(uuid.value);
  if (uuid !== null && id === null) report.refuse("domain-xml", uuid, `must be a UUID, found ${uuid.found}`);
  if (sizes === null) return null;
  for (const given of [name, uuid, sizes.memory, sizes.maxMemory])
    if (given !== null && !report.has(given)) report.taken(given, "unchanged");
  const moving: Moving = {
    ...{ map, networks: new Set(), unmapped: new Set(), taps: new Set(), portgroups: [] },
  };
  const macs = new Set<string>();
  const interfaces: WrittenNic[] = [];
  for (const nic of reader.children(reader.child(root, "devices"), "interface")) {
    const moved = moveNic(reader, nic, moving);
    if (moved === null) continue;
    if (moved.mac !== undefined && macs.has(moved.mac))
      report.refuse(
        "domain-xml",
        reader.origin(nic),
        `two of the moved NICs have the MAC address ${moved.mac}: change one of them first`,
      );
    macs.add(moved.mac ?? "");
    interfaces.push(moved);
  }
  const passwords = reader.rest().filter((node) => hasPassword(node));
  if (passwords.length > 0)
    report.task("host", "The template contains a password from the domain XML: restrict who can read it.");
  for (const node of reader.rest())
    if (!report.has(reader.origin(node)) && !node.name.startsWith("interface"))
      report.taken(reader.origin(node), "stays unchanged");
  const { memory, maxMemory } = sizes;
  if (interfaces.length > 0)
    report.task(
      "host",
      `\`genxml ${quoteWord(`${guest}.json`)} | virsh define --validate /dev/stdin\`: the guest gets its new ports at its next start.`,
    );
  return {
    profile: {
      name: guest,
      ...(id === null ? {} : { uuid: id }),
      template,
      memory: renderSize(memory.value),
      ...(maxMemory === null || maxMemory.value <= memory.value
        ? {}
        : { maxMemory: renderSize(maxMemory.value) }),
      ...(interfaces.length === 0 ? {} : { interfaces }),
    },
    unmapped: [...moving.unmapped],
    networks: [...moving.networks],
    portgroups: moving.portgroups,
  };
};
