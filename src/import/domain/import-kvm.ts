import { parseGuestName, parseUuid } from "../../values/names.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import type { BridgeMap } from "../to-profile/bridge-map.ts";
import type { DomainReader } from "./reader.ts";
import type { DomainNode } from "../../xml/domain-tree.ts";
import { readSizes } from "./size.ts";
import { moveNic } from "./kvm-nic.ts";
import { renderSize } from "../to-profile/machine.ts";
import type { WrittenNic } from "../to-profile/attachment.ts";

const hasPassword = (node: DomainNode): boolean =>
  Object.keys(node.attributes).some((name) => name.includes("passwd")) || node.children.some(hasPassword);

/**
 * A KVM guest as a profile that completes its own XML: NICs that `--bridge-map` is for go to their new bridge, all else stays.
 *
 * @param template where the document will be found, seen from the profile
 */
export const importKvm = (
  reader: DomainReader,
  map: BridgeMap,
  template: string,
): { readonly profile: ProfileText; readonly unmapped: readonly string[] } | null => {
  const { account, root } = reader;
  const name = reader.text(root, "name");
  const guest = parseGuestName(name?.value ?? "");
  if (name === null || guest === null) {
    account.refuse(
      "import-name",
      name ?? reader.origin(root),
      `the name must be 1 to 63 letters, digits, dots, dashes or underscores, found ${name?.found ?? "none"}: change it first (virsh domrename)`,
    );
    return null;
  }
  const sizes = readSizes(reader);
  const uuid = reader.text(root, "uuid");
  const id = uuid === null ? null : parseUuid(uuid.value);
  if (uuid !== null && id === null) account.refuse("domain-xml", uuid, `must be a UUID, found ${uuid.found}`);
  if (sizes === null) return null;
  for (const given of [name, uuid, sizes.memory, sizes.maxMemory])
    if (given !== null && !account.has(given)) account.taken(given, "as it is");
  const unmapped: string[] = [];
  const taps = new Set<string>();
  const macs = new Set<string>();
  const interfaces: WrittenNic[] = [];
  for (const nic of reader.children(reader.child(root, "devices"), "interface")) {
    const moved = moveNic(reader, nic, map, unmapped, taps);
    if (moved === null) continue;
    if (moved.mac !== undefined && macs.has(moved.mac))
      account.refuse(
        "domain-xml",
        reader.origin(nic),
        `two NICs that move have the MAC address ${moved.mac}: give one of them another first`,
      );
    macs.add(moved.mac ?? "");
    interfaces.push(moved);
  }
  const passwords = reader.rest().filter((node) => hasPassword(node));
  if (passwords.length > 0)
    account.task(
      "host",
      "The domain XML has a password in it, which the template keeps: see who can read it.",
    );
  for (const node of reader.rest())
    if (!account.has(reader.origin(node)) && !node.name.startsWith("interface"))
      account.taken(reader.origin(node), "stays as it is");
  const { memory, maxMemory } = sizes;
  account.task(
    "host",
    `\`genxml ${guest}.json | virsh define --validate /dev/stdin\`: the guest has its new ports when it starts the next time.`,
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
    unmapped: [...new Set(unmapped)],
  };
};
