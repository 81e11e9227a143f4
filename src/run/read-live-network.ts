import { lastLine } from "../values/error-text.ts";
import { QUERIES, toLiveNetwork } from "../live-network/readings.ts";
import type { LiveNetwork } from "../live-network/live-network.ts";
import type { Host } from "../kernel/host.ts";
import { Failure } from "../values/failure.ts";

/** Returns the answers of the running host to each of {@link QUERIES}. Rejects with a {@link Failure} when it cannot be asked. */
export const askNetwork = async ({ run }: Pick<Host, "run">): Promise<ReadonlyMap<string, string>> => {
  const answers = await Promise.all(
    QUERIES.map(async ({ file, command: [program, ...args], optional }) => {
      const { code, stdout, stderr } = await run(program, args);
      if (code === 0) return [file, stdout] as const;
      if (optional) return [file, ""] as const;
      throw new Failure(`cannot read the host's network: ${lastLine(stderr)}`, [program, ...args].join(" "));
    }),
  );
  return new Map(answers);
};

/** Reads the network of the running host. Rejects with a {@link Failure} when it cannot be read. */
export const readLiveNetwork = async (host: Pick<Host, "run" | "readSysctl">): Promise<LiveNetwork> =>
  toLiveNetwork(await askNetwork(host), host.readSysctl);
