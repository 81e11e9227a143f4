import { exists, type HostSystem } from "../system/files.ts";

/** Without it a hook may do next to nothing (virt_selinux(8)). */
const BOOLEAN = "virt_hooks_unconfined";

/** Gives the hooks their SELinux type, where SELinux is. @returns what the administrator has to see to */
export const label = async (folder: string, { run, files }: HostSystem): Promise<readonly string[]> => {
  if (!(await exists(files, "/sys/fs/selinux/enforce"))) return [];
  const labelled = await run("restorecon", ["-R", folder]);
  const state = await run("getsebool", [BOOLEAN]);
  return [
    ...(labelled.code === 0 ? [] : [`restorecon -R ${folder}: ${labelled.stderr.trim()}`]),
    ...(state.code === 0 && !state.stdout.includes("--> on")
      ? [`SELinux confines hooks: setsebool -P ${BOOLEAN} on`]
      : []),
  ];
};
