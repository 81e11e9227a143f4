import type { Given, Origin } from "../report/account.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceGraphics, SourceGuest, XenType } from "../source-guest.ts";
import { readVfb } from "./vfb.ts";
import { noPassword, toVnc } from "./vnc.ts";

/** A password is never shown, not even as what was found. */
const secretOf = (password: Given<string> | null, keys: KeyReader): Origin | null =>
  password === null ? null : noPassword({ ...password, found: "…" }, keys, password.value === "");

const readSpice = (keys: KeyReader): SourceGraphics | null => {
  const [on, listen, port, password, free] = [
    keys.flag("spice"),
    keys.text("spicehost"),
    keys.number("spiceport", 0, 65_535),
    keys.text("spicepasswd"),
    keys.flag("spicedisable_ticketing"),
  ];
  const secret = secretOf(password, keys);
  if (free !== null) keys.account.taken(free, free.value ? "no password" : "with a password, if one is set");
  if (on?.value !== true) {
    for (const given of [on, listen, port]) if (given !== null) keys.account.taken(given, "SPICE is off");
    return null;
  }
  keys.account.taken(on, "SPICE");
  return { ...on, type: "spice", listen, port, hasPassword: secret !== null, isDefault: false };
};

const readVnc = (keys: KeyReader, type: XenType): SourceGraphics | null => {
  const [on, listen, display, unused, password] = [
    keys.flag("vnc"),
    keys.text("vnclisten"),
    keys.number("vncdisplay", 0, 59_635),
    keys.flag("vncunused"),
    keys.text("vncpasswd"),
  ];
  const secret = secretOf(password, keys);
  const isOn = on?.value ?? type === "hvm";
  if (on !== null) keys.account.taken(on, isOn ? "VNC" : "no VNC");
  if (!isOn) {
    for (const given of [listen, display, unused])
      if (given !== null) keys.account.dropped(given, "there is no VNC: vnc is not on");
    return null;
  }
  return toVnc(
    { at: on ?? keys.origin("vnc"), listen, display, unused, password: secret },
    keys,
    on === null,
  );
};

/** The guest's screen: SPICE, VNC, or the framebuffer of a paravirtual guest; and its video card. */
export const readScreen = (keys: KeyReader, type: XenType): Pick<SourceGuest, "graphics" | "video"> => {
  const spice = readSpice(keys);
  const vnc = readVnc(keys, type);
  const items = keys.items("vfb");
  const buffers = items.flatMap((item) => readVfb(item, keys) ?? []);
  const [vga, stdvga] = [keys.text("vga"), keys.flag("stdvga")];
  if (vga !== null && stdvga !== null) keys.account.dropped(stdvga, "beside vga it says nothing");
  const old = stdvga === null ? null : { ...stdvga, value: stdvga.value ? "stdvga" : "cirrus" };
  for (const more of [
    ...(spice === null ? [] : [vnc]),
    ...buffers.slice(vnc === null || vnc.isDefault ? 1 : 0),
  ])
    if (more !== null && !more.isDefault)
      keys.account.dropped(more, "a guest of ours has one screen; this is a second one");
  const written = vnc?.isDefault === true ? null : vnc;
  return { graphics: spice ?? written ?? buffers[0] ?? vnc, video: vga ?? old };
};
