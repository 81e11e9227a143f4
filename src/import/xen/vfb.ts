import { withoutSecrets } from "./syntax/secrecy.ts";
import { placeIn } from "./syntax/value.ts";
import { splitVif } from "./syntax/vif-spec.ts";
import type { Given } from "../report/account.ts";
import type { KeyReader } from "./key-reader.ts";
import type { Item } from "./show-value.ts";
import type { SourceGraphics } from "../source-guest.ts";
import { noPassword, toVnc } from "./vnc.ts";

/** One item of `vfb`, the framebuffer of paravirtual guests. */
export const readVfb = ({ value, origin }: Item, keys: KeyReader): SourceGraphics | null => {
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
    keys.account.unknown(
      { at: placeIn(value, index), path: origin.path, found: withoutSecrets(text) },
      "no word of a framebuffer; Xen ignores it",
    );
  for (const name of ["sdl", "opengl", "keymap", "display", "xauthority"]) {
    const word = from(name);
    if (word !== null)
      keys.account.dropped(
        word,
        name === "keymap"
          ? "QEMU takes scan codes from the viewer"
          : "a window on the old host's screen; KVM guests have VNC",
      );
  }
  const number = (name: string): Given<number> | null => {
    const word = from(name);
    if (word === null) return null;
    if (/^\d{1,4}$/.test(word.value)) return { ...word, value: Number(word.value) };
    keys.account.refuse("xen-value", word, `must be a number, found ${word.found}`);
    return null;
  };
  const [on, type, password, unused] = [number("vnc"), from("type"), from("vncpasswd"), number("vncunused")];
  if (type !== null) keys.account.taken(type, "VNC");
  if (on !== null) keys.account.taken(on, on.value === 0 ? "no VNC" : "VNC");
  const isOff = on?.value === 0 || type?.value === "sdl";
  const secret = password === null ? null : noPassword(password, keys, password.value === "");
  keys.account.taken(origin, isOff ? "no screen" : "a screen");
  if (isOff) return null;
  const screen = { at: origin, listen: from("vnclisten"), display: number("vncdisplay"), password: secret };
  return toVnc(
    { ...screen, unused: unused === null ? null : { ...unused, value: unused.value !== 0 } },
    keys,
    false,
  );
};
