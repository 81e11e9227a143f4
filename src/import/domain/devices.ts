import type { DomainReader } from "./reader.ts";
import { attribute, child, type XmlElement } from "../../xml/tree.ts";
import type { SourceGraphics, SourceGuest, SourceHostDevice } from "../source-guest.ts";

const readGraphics = (reader: DomainReader, node: XmlElement): SourceGraphics | null => {
  const { report } = reader;
  const origin = reader.origin(node);
  const type = attribute(node, "type");
  if (type !== "vnc" && type !== "spice") {
    report.dropped(origin, "not available on KVM; use VNC", "step");
    return null;
  }
  const inner = reader.child(node, "listen");
  const listenAt = reader.originOf(node, "listen") ?? reader.originOf(inner, "address");
  const portAt = reader.originOf(node, "port");
  const port = Number(attribute(node, "port") ?? -1);
  const isFixed = attribute(node, "autoport") !== "yes" && port > 0;
  const password = attribute(node, "passwd") ?? "";
  report.taken(origin, type.toUpperCase());
  if (password !== "")
    report.dropped(
      reader.originOf(node, "passwd") ?? origin,
      "passwords are never imported: set it on the new host",
      "step",
    );
  return {
    ...origin,
    type,
    listen: listenAt,
    port: portAt !== null && isFixed && port <= 65_535 ? { ...portAt, value: port } : null,
    hasPassword: password !== "",
    isDefault: false,
  };
};

const readHostDevice = (reader: DomainReader, node: XmlElement): readonly SourceHostDevice[] => {
  const origin = reader.origin(node);
  const source = reader.child(node, "source");
  const address = child(source, "address");
  const hex = (name: string, digits: number): string | null => {
    const match = /^(?:0x)?([0-9a-f]{1,4})$/i.exec(
      attribute(address, name) ?? (name === "domain" ? "0" : ""),
    );
    return match?.[1]?.toLowerCase().padStart(digits, "0") ?? null;
  };
  const [domain, bus, slot, fn] = [hex("domain", 4), hex("bus", 2), hex("slot", 2), hex("function", 1)];
  if (
    attribute(node, "type") === "pci" &&
    domain !== null &&
    bus !== null &&
    slot !== null &&
    fn !== null &&
    /^[01].$/.test(slot)
  )
    return [{ ...origin, kind: "pci", address: `${domain}:${bus.slice(-2)}:${slot}.${fn.slice(-1)}` }];
  const [vendor, product] = [
    attribute(child(source, "vendor"), "id"),
    attribute(child(source, "product"), "id"),
  ];
  const id = `${vendor?.replace(/^0x/, "") ?? ""}:${product?.replace(/^0x/, "") ?? ""}`.toLowerCase();
  if (attribute(node, "type") === "usb" && /^[0-9a-f]{4}:[0-9a-f]{4}$/.test(id))
    return [{ ...origin, kind: "usb", id }];
  reader.report.dropped(
    origin,
    "a device of the old host: add the new host's device to `hostDevices`",
    "person",
  );
  return [];
};

/** Screen, card, console, TPM, agent and devices of the host. */
export const readDomainDevices = (
  reader: DomainReader,
): Pick<SourceGuest, "graphics" | "video" | "tpm" | "agent" | "serial" | "hostDevices"> => {
  const { report } = reader;
  const devices = reader.child(reader.root, "devices");
  // The report covers the contents of these with the device.
  for (const name of ["graphics", "video", "serial", "console", "channel", "tpm", "hostdev"])
    for (const node of reader.children(devices, name)) reader.whole(node);
  const screens = reader.children(devices, "graphics").flatMap((node) => readGraphics(reader, node) ?? []);
  for (const more of screens.slice(1))
    report.dropped(more, "a profile has one display; this is an additional one");
  const [card, ...cards] = reader.children(devices, "video");
  for (const more of cards) report.dropped(reader.origin(more), "a profile has one video card");
  const model = card === undefined ? null : reader.attribute(card, "model", "type");
  // A console of the type serial is the first serial port again (libvirt: formatdomain, "Console").
  for (const node of reader.children(devices, "console"))
    report.taken(reader.origin(node), "the serial console: `virsh console`");
  const channels = reader.children(devices, "channel");
  const isAgent = (node: XmlElement): boolean =>
    attribute(child(node, "target"), "name") === "org.qemu.guest_agent.0";
  for (const node of channels)
    if (!isAgent(node))
      report.dropped(
        reader.origin(node),
        "a channel to the host; add it to a template if the guest requires it",
        "step",
      );
  const agent = channels.find(isAgent);
  if (agent !== undefined) report.taken(reader.origin(agent), "the channel of the QEMU guest agent");
  const tpm = reader.child(devices, "tpm");
  if (tpm !== null)
    report.changed(reader.origin(tpm), "an emulated TPM 2.0, without the contents of the old one", "person");
  return {
    graphics: screens[0] ?? null,
    video: model === null || model.value === "xen" ? null : model,
    tpm: tpm === null ? null : reader.given(tpm, true),
    agent: agent === undefined ? null : reader.given(agent, true),
    serial: null,
    hostDevices: reader.children(devices, "hostdev").flatMap((node) => readHostDevice(reader, node)),
  };
};
