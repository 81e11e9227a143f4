import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import type { GuestInterface } from "../guest-interface.ts";
import { interfacesFile } from "../interfaces-file.ts";
import { textFile, type TextFile } from "../text-file.ts";

/** Gives the interface its name by its MAC address (systemd.link(5)); guests without udev use these names anyway. */
const link = ({ name, mac }: GuestInterface): TextFile =>
  textFile(`10-${name}.link`, `[Match]\nPermanentMACAddress=${mac}\n\n[Link]\nName=${name}\n`);

/** /etc/network/interfaces (interfaces(5)), and a .link file for udev for each interface. */
export const ifupdown: GuestFormat = (interfaces) =>
  good([textFile("interfaces", interfacesFile(interfaces)), ...interfaces.map(link)]);
