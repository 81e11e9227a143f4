import type { PeerReadings } from "../../../../doctor/peer/peer-readings.ts";
import type { OpenHost } from "../../hosts/open-host.ts";
import { testHook } from "../../install/self-test.ts";
import { unlessFailing } from "../unless-failing.ts";
import { readSide, versionIn } from "./read-side.ts";

/** Reads the properties of the other host that are not compared. */
export const readThere = async (open: OpenHost): Promise<PeerReadings["there"]> => {
  const toolVersion = (file: string, option: string) =>
    unlessFailing(
      async () => versionIn((await open.run(file, [option])).stdout, /(\d+(?:\.\d+)+)/, file),
      (why) => ({ kind: "none", why }) as const,
    );
  const [side, kernel, iproute2, nft] = await Promise.all([
    readSide(open.run, open.virsh),
    open.run("uname", ["-r"]),
    toolVersion("ip", "-V"),
    toolVersion("nft", "--version"),
  ]);
  const tested = side.hook === null ? null : await testHook(side.hook.file, null, open.run);
  return {
    ...side,
    kernel: kernel.stdout.trim(),
    versions: { iproute2, nft, libvirt: side.libvirt },
    selfTest: tested === null ? null : { ok: tested.ok, said: tested.ok ? tested.said : tested.why },
  };
};
