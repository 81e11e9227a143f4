import { type HookEngine, preferredEngine } from "../../../lab/engines.ts";
import type { Machine } from "../../../lab/lab.ts";

/**
 * Puts the built hook where libvirt looks for it. The daemon has to be started, or restarted, afterwards.
 *
 * @param engine what runs its JavaScript
 * @param file another place
 */
export const installHook = async (
  host: Machine,
  engine: HookEngine = preferredEngine(),
  file = "/etc/libvirt/hooks/qemu",
): Promise<void> => {
  await host.sh(`install -D -m 755 ${process.cwd()}/dist/hooks/qemu ${file}
    sed -i 's|^engine=.*|engine=${engine.path}|' ${file}`);
};
