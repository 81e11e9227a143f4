// JavaScript, because jest's runner reads it as it is.
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A path below the directory in which the lab keeps what is dear to make again.
 * @param {readonly string[]} parts
 */
export function cached(...parts) {
  const { GUESTNET_LAB_CACHE, XDG_CACHE_HOME } = process.env;
  const root = GUESTNET_LAB_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "guestnet-lab");
  return join(root, ...parts);
}
