import { toInput } from "../to-profile/peripherals.ts";
import { splitVif } from "./syntax/vif.ts";
import { placeIn } from "./syntax/value.ts";
import type { Origin } from "../report/report.ts";
import type { KeyReader, Item } from "./key-reader.ts";
import type { SourceHostDevice } from "../source-guest.ts";

const PCI_FLAGS = ["pci", "pci_permissive", "pci_msitranslate", "pci_seize", "pci_power_mgmt"] as const;

// xl-pci-configuration(5): [DDDD:]BB:DD.F[@VSLOT], the function `*` for all.
const BDF = /^(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,2}):([0-1]?[0-9a-f])\.([0-7*])(?:@([0-9a-f]{1,2}|-1))?$/i;

const readPci = ({ value, origin }: Item, keys: KeyReader): readonly SourceHostDevice[] => {
  const { report } = keys;
  const [first = "", ...options] = value.text.split(",").map((part) => part.trim());
  const named = [first, ...options].find((part) => part.startsWith("bdf="))?.slice(4) ?? first;
  if (first.startsWith("name=")) {
    report.dropped(
      origin,
      "a PCI device by its xl name (xl pci-assignable-list): find its address on the new host",
      "person",
    );
    return [];
  }
  const [all, domain = "0", bus = "", slot = "", fn = "", virtual] = BDF.exec(named) ?? [];
  if (all === undefined) {
    report.refuse(
      "xen-value",
      origin,
      `must be the address of a PCI device such as "0000:01:00.0", found ${origin.found}`,
    );
    return [];
  }
  const more = options.filter((part) => part !== "" && !part.startsWith("bdf="));
  if (more.length > 0 || virtual !== undefined)
    report.dropped(
      { ...origin, found: [...more, ...(virtual === undefined ? [] : [`@${virtual}`])].join(",") },
      "a passthrough setting of Xen; KVM uses VFIO",
    );
  if (fn === "*")
    report.changed(
      { ...origin, path: [...origin.path, "function"], found: "*" },
      "all functions of the device: only the first is imported, add the others",
      "step",
    );
  const address = `${domain.padStart(4, "0")}:${bus.padStart(2, "0")}:${slot.padStart(2, "0")}.${fn === "*" ? "0" : fn}`;
  return [{ ...origin, kind: "pci", address: address.toLowerCase() }];
};

const readUsb = ({ value, origin }: Item, keys: KeyReader): readonly SourceHostDevice[] => {
  const { report } = keys;
  const text = value.text.trim();
  const [, vendor, product] = /^host:(?:0x)?([0-9a-f]{4}):(?:0x)?([0-9a-f]{4})$/i.exec(text) ?? [];
  if (vendor !== undefined && product !== undefined)
    return [{ ...origin, kind: "usb", id: `${vendor}:${product}`.toLowerCase() }];
  if (text.startsWith("host:"))
    report.dropped(
      origin,
      "a USB device by its address on the old host: set its vendor and product in `hostDevices` (see lsusb)",
      "person",
    );
  else if (toInput(text) === null)
    report.dropped(
      origin,
      "an emulated USB device; add it to a template if the guest requires it",
      text === "" ? "note" : "step",
    );
  return [];
};

const usbdevs = (keys: KeyReader): void => {
  for (const { value, origin } of keys.items("usbdev")) {
    const { words, unrecognised } = splitVif(value.text, [
      "type",
      "hostbus",
      "hostaddr",
      "controller",
      "port",
      "ctrl",
    ]);
    const place: Origin = { ...origin, at: placeIn(value, words[0]?.index ?? unrecognised[0]?.index ?? 0) };
    keys.report.dropped(
      place,
      "a USB device by its address on the old host: set its vendor and product in `hostDevices` (see lsusb)",
      "person",
    );
  }
};

/** Devices of the old host that the guest drives itself. */
export const readHostDevices = (keys: KeyReader): readonly SourceHostDevice[] => {
  for (const key of PCI_FLAGS.slice(1)) {
    const flag = keys.text(key);
    if (flag !== null) keys.report.dropped(flag, "a passthrough setting of Xen; KVM uses VFIO");
  }
  const pci = keys.items("pci").flatMap((item) => readPci(item, keys));
  const usb = keys.itemsOrText("usbdevice").flatMap((item) => readUsb(item, keys));
  usbdevs(keys);
  return [...pci, ...usb];
};
