import { createHash } from "node:crypto";

/** The line that `guestnet install` may change, and as it is built. */
const ENGINE = /^engine=.*$/m;
const BUILT_ENGINE = "engine=/usr/bin/qjs";

/** The SHA-256 of a hook, whichever engine is entered in it: that of the file that was built, if it is that file. */
export const hookDigest = (text: string): string =>
  createHash("sha256").update(text.replace(ENGINE, BUILT_ENGINE)).digest("hex");
