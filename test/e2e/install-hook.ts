import type { Machine } from "../lab/lab.ts";

/** Puts the built hook where libvirt looks for it. The daemon has to be started, or restarted, afterwards. */
export const installHook = async (host: Machine): Promise<void> => {
  await host.sh(`install -D -m 755 ${process.cwd()}/dist/hooks/qemu /etc/libvirt/hooks/qemu`);
};
