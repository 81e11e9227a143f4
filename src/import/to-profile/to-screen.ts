import { parseAddress } from "../../values/address.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import type { Account, Given } from "../report/account.ts";
import type { SourceGuest } from "../source-guest.ts";

const listenOf = (listen: Given<string> | null, hasPassword: boolean, account: Account): string | null => {
  if (listen === null) return null;
  const host = listen.value
    .trim()
    .replace(/:\d{1,5}$/, (display) => (listen.value.includes("::") ? display : ""));
  const address = parseAddress(host);
  if (address === null) {
    if (host !== "") account.changed(listen, "no address of a host; it listens on 127.0.0.1", "step");
    else account.taken(listen, "127.0.0.1");
    return null;
  }
  const isLocal = address.startsWith("127.") || address === "::1";
  if (hasPassword && !isLocal) {
    account.changed(
      listen,
      "127.0.0.1, until it has a password again: open to others it would have none",
      "step",
    );
    return null;
  }
  account.taken(
    listen,
    isLocal ? address : `${address}, without a password, as before: see who can reach it`,
    isLocal ? "note" : "step",
  );
  return address;
};

const VIDEO: Readonly<Record<string, NonNullable<ProfileText["video"]>>> = {
  ...{ stdvga: "vga", vga: "vga", cirrus: "vga", qxl: "qxl", none: "none", virtio: "virtio", bochs: "bochs" },
};

/** Screen and video card. The emulated VGA is one that every system has a driver for. */
export const toScreen = (
  { graphics, video }: SourceGuest,
  account: Account,
): Pick<ProfileText, "graphics" | "video"> => {
  const card = video === null ? null : (VIDEO[video.value.trim()] ?? null);
  if (video !== null && card === null) account.changed(video, "a card that we do not offer; VGA", "step");
  else if (video !== null && card !== null)
    account[video.value === card ? "taken" : "changed"](video, `the video card ${card}`);
  if (graphics === null) return video === null || card === null ? {} : { video: card };
  if (graphics.hasPassword)
    account.task(
      "host",
      "Give the screen its password again: it is in no profile. `virsh edit` the domain and write it into `<graphics>`, then let it listen where it has to.",
    );
  const listen = listenOf(graphics.listen, graphics.hasPassword, account);
  const port = graphics.port?.value ?? null;
  const isPort = port !== null && port >= 5900 && port <= 65_535;
  if (graphics.port !== null && graphics.type === "spice")
    account[isPort ? "taken" : "changed"](
      graphics.port,
      isPort ? `port ${port}` : "the next free port from 5900: libvirt's begin there",
    );
  if (graphics.isDefault)
    account.taken({ ...graphics, found: "" }, "Xen gives HVM guests a VNC screen unless vnc=0");
  const plain = listen === null && !isPort;
  return {
    graphics: plain
      ? graphics.type
      : { type: graphics.type, ...(listen === null ? {} : { listen }), ...(isPort ? { port } : {}) },
    video: card ?? "vga",
  };
};
