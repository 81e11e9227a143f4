import { error, type Finding, ok, warning } from "../../../doctor/finding.ts";
import { differenceText } from "../../../host-trial/differences.ts";
import type { DescribedHost } from "../../genxml/input/host-network.ts";
import { counted } from "../../shared/counted.ts";
import { type LookedAt, planHost } from "./planned-host.ts";

const CHECK = "host.json";

/** Compares a host with its host.json, as findings of doctor. @param file its name, for the fixes */
export const siteFindings = async (
  file: string,
  wanted: DescribedHost,
  looked: LookedAt,
): Promise<readonly Finding[]> => {
  const { format, files, differences } = await planHost(wanted, null, [], looked);
  const onDisk =
    files.length === 0
      ? []
      : [
          warning(
            CHECK,
            `${counted(files.length, "file")} of ${format} ${files.length === 1 ? "differs" : "differ"}: ${files.map(({ path }) => path).join(", ")}`,
            "the network manager makes something else when it starts or reloads",
            `guestnet host plan ${file}`,
          ),
        ];
  const running = differences.map((one) =>
    error(CHECK, differenceText(one), "the host is not as described", `guestnet host try ${file}`),
  );
  const all = [...running, ...onDisk];
  return all.length === 0 ? [ok(CHECK, `the host and the files of ${format} match ${file}`)] : all;
};
