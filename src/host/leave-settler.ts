import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Settler } from "../model/settler.ts";
import { ENVIRONMENT } from "./environment.ts";

/**
 * Leaves a process behind that outlives us: the head of this very hook, a shell that waits for the first frame of a guest. It has a
 * session of its own and none of our pipes, to the end of which libvirt reads. It is told all by arguments: see `settle` in hooks/head.sh.
 *
 * @throws where no process can be started, or a tap is gone
 */
export const leaveSettler = (hook: string, told: Settler): void => {
  // A device of the same name that is made later is another one.
  const taps = told.taps.map(
    (tap) => `${tap}:${readFileSync(`/sys/class/net/${tap}/ifindex`, "utf8").trim()}`,
  );
  const { guest, marker, bridge, tc, ip, nft } = told;
  const args = [hook, guest, "settle", marker, bridge, tc, ip, nft, ...taps];
  const child = spawn("/bin/sh", args, { detached: true, stdio: "ignore", cwd: "/", env: ENVIRONMENT });
  child.on("error", () => undefined);
  if (child.pid === undefined) throw new Error("no process could be started that waits for the guest");
  child.unref();
};
