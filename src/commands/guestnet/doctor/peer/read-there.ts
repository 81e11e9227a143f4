import type { PeerSeen } from "../../../../doctor/peer/peer-seen.ts";
import type { OpenHost } from "../../hosts/open-host.ts";
import { testHook } from "../../install/self-test.ts";
import { orNone } from "../or-none.ts";
import { readSide, versionIn } from "./read-side.ts";

/** What is read of the other host alone, beside what is compared. */
export const readThere = async (open: OpenHost): Promise<PeerSeen["there"]> => {
  const toolVersion = (file: string, option: string) =>
    orNone(
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
