import { kernelSettings } from "../../../host-network/common-files.ts";
import type { HostFormat } from "../../../host-network/format-names.ts";
import type { HostNetwork } from "../../../host-network/host-network.ts";

/** Kernel settings that the new files set, with their present values. */
export const sysctlsOf = (
  network: HostNetwork,
  format: HostFormat,
  readSysctl: (name: string) => string | null,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    kernelSettings(network, format).flatMap(({ name }) => {
      const value = readSysctl(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
