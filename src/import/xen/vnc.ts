import type { Given, Origin } from "../report/account.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceGraphics } from "../source-guest.ts";

/** What is said of a VNC screen, in either of two places. */
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
    keys.account.taken(display, `port ${5900 + display.value}`);
    return { ...display, value: 5900 + display.value };
  }
  keys.account.changed(
    display,
    "the next free port from 5900: Xen too looks for a free one unless vncunused=0",
  );
  return null;
};

/** The screen, once its port is known. */
export const toVnc = (screen: Screen, keys: KeyReader, isDefault: boolean): SourceGraphics => {
  const port = toPort(screen, keys);
  if (screen.unused !== null)
    keys.account.taken(screen.unused, port === null ? "the next free port" : "a fixed port");
  return {
    ...screen.at,
    type: "vnc",
    listen: screen.listen,
    port,
    hasPassword: screen.password !== null,
    isDefault,
  };
};

/** Accounts for a password. @returns where it stands, or null when it is empty */
export const noPassword = (origin: Origin, keys: KeyReader, empty: boolean): Origin | null => {
  if (empty) {
    keys.account.taken(origin, "empty: no password");
    return null;
  }
  keys.account.dropped(origin, "a password never gets into a profile: set it on the new host", "step");
  return origin;
};
