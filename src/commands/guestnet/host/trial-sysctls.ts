import { renderHost } from "../../../host-network/render.ts";
import type { HostFormat } from "../../../host-network/format-names.ts";
import type { HostNetwork } from "../../../host-network/host-network.ts";

const SYSCTLS = "etc/sysctl.d/";
const SETTING = /^(net\/\S+) = /gm;

/** Kernel settings that the new files set, with their present values. */
export const sysctlsOf = (
  network: HostNetwork,
  format: HostFormat,
  readSysctl: (name: string) => string | null,
): Readonly<Record<string, string>> => {
  const texts = renderHost(network, format).filter(({ path }) => path.startsWith(SYSCTLS));
  const names = texts.flatMap(({ text }) => [...text.matchAll(SETTING)].map(([, name = ""]) => name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = readSysctl(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
};
