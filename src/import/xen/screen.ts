import type { Given, Origin } from "../report/report.ts";
import type { KeyReader, Item } from "./key-reader.ts";
import type { SourceGraphics, SourceGuest, XenType } from "../source-guest.ts";
import { withoutSecrets, placeIn } from "./syntax/value.ts";
import { splitVif } from "./syntax/vif.ts";

/** Settings of a VNC screen, from either of two places. */
export interface Screen {
  readonly at: Origin;
  readonly listen: Given<string> | null;
  readonly display: Given<number> | null;
  readonly unused: Given<boolean> | null;
  readonly password: Origin | null;
}

const toPort = ({ display, unused }: Screen, keys: KeyReader): Given<number> | null => {
  if (display === null) return null;
  if (unused !== null && !unused.value) {
    keys.report.taken(display, `port ${5900 + display.value}`);
    return { ...display, value: 5900 + display.value };
  }
  keys.report.changed(display, "the next free port from 5900, as in Xen unless vncunused=0");
  return null;
};

/** The screen, once its port is known. */
const toVnc = (screen: Screen, keys: KeyReader, isDefault: boolean): SourceGraphics => {
  const port = toPort(screen, keys);
  if (screen.unused !== null)
    keys.report.taken(screen.unused, port === null ? "the next free port" : "a fixed port");
  return {
    ...screen.at,
    type: "vnc",
    listen: screen.listen,
    port,
    hasPassword: screen.password !== null,
    isDefault,
  };
};

/** Accounts for a password. @returns its position, or null if it is empty */
const noPassword = (origin: Origin, keys: KeyReader, empty: boolean): Origin | null => {
  if (empty) {
    keys.report.taken(origin, "empty: no password");
    return null;
  }
  keys.report.dropped(origin, "passwords are never imported: set it on the new host", "step");
  return origin;
};

/** One item of `vfb`, the framebuffer of paravirtual guests. */
const readVfb = ({ value, origin }: Item, keys: KeyReader): SourceGraphics | null => {
  const { words, unrecognised } = splitVif(value.text, [
    "vnc",
    "vnclisten",
    "vncdisplay",
    "vncunused",
    "vncpasswd",
    "sdl",
    "opengl",
    "keymap",
    "type",
    "display",
    "xauthority",
  ]);
  const from = (name: string): Given<string> | null => {
    const word = words.findLast((one) => one.name === name);
    if (word === undefined) return null;
    const found = name === "vncpasswd" ? "…" : word.text;
    return { at: placeIn(value, word.index), path: [...origin.path, name], found, value: word.text.trim() };
  };
  for (const { text, index } of unrecognised)
    keys.report.unknown(
      { at: placeIn(value, index), path: origin.path, found: withoutSecrets(text) },
      "not a framebuffer setting; Xen ignores it",
    );
  for (const name of ["sdl", "opengl", "keymap", "display", "xauthority"]) {
    const word = from(name);
    if (word !== null)
      keys.report.dropped(
        word,
        name === "keymap" ? "QEMU uses scan codes" : "a window on the old host's screen; use VNC on KVM",
      );
  }
  const number = (name: string): Given<number> | null => {
    const word = from(name);
    if (word === null) return null;
    if (/^\d{1,4}$/.test(word.value)) return { ...word, value: Number(word.value) };
    keys.report.refuse("xen-value", word, `must be a number, found ${word.found}`);
    return null;
  };
  const [on, type, password, unused] = [number("vnc"), from("type"), from("vncpasswd"), number("vncunused")];
  if (type !== null) keys.report.taken(type, "VNC");
  if (on !== null) keys.report.taken(on, on.value === 0 ? "no VNC" : "VNC");
  const isOff = on?.value === 0 || type?.value === "sdl";
  const secret = password === null ? null : noPassword(password, keys, password.value === "");
  keys.report.taken(origin, isOff ? "no display" : "a display");
  if (isOff) return null;
  const screen = { at: origin, listen: from("vnclisten"), display: number("vncdisplay"), password: secret };
  return toVnc(
    { ...screen, unused: unused === null ? null : { ...unused, value: unused.value !== 0 } },
    keys,
    false,
  );
};

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
  if (free !== null) keys.report.taken(free, free.value ? "no password" : "with a password, if one is set");
  if (on?.value !== true) {
    for (const given of [on, listen, port]) if (given !== null) keys.report.taken(given, "SPICE is off");
    return null;
  }
  keys.report.taken(on, "SPICE");
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
  if (on !== null) keys.report.taken(on, isOn ? "VNC" : "no VNC");
  if (!isOn) {
    for (const given of [listen, display, unused])
      if (given !== null) keys.report.dropped(given, "without effect, because vnc is off");
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
  if (vga !== null && stdvga !== null) keys.report.dropped(stdvga, "without effect, because vga is set");
  const old = stdvga === null ? null : { ...stdvga, value: stdvga.value ? "stdvga" : "cirrus" };
  for (const more of [
    ...(spice === null ? [] : [vnc]),
    ...buffers.slice(vnc === null || vnc.isDefault ? 1 : 0),
  ])
    if (more !== null && !more.isDefault)
      keys.report.dropped(more, "a profile has one display; this is an additional one");
  const written = vnc?.isDefault === true ? null : vnc;
  return { graphics: spice ?? written ?? buffers[0] ?? vnc, video: vga ?? old };
};
