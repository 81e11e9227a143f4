import { error, type Finding, ok, warning } from "../../../doctor/finding.ts";
import { differenceText } from "../../../host-trial/differences.ts";
import type { DescribedHost } from "../../genxml/input/host-network.ts";
import { unlessFailing } from "../doctor/unless-failing.ts";
import { counted } from "../../shared/counted.ts";
import { type ReadableHost, planHost, type PlannedHost } from "./planned-host.ts";
import { quoteWord } from "../../../values/shell-word.ts";

const CHECK = "host.json";

/** Compares a host with its host.json, as findings of doctor. @param file its name, for the fixes */
export const siteFindings = async (
  file: string,
  wanted: DescribedHost,
  looked: ReadableHost,
): Promise<readonly Finding[]> => {
  const plan = await unlessFailing<PlannedHost | string>(
    () => planHost(wanted, null, [], looked),
    (why) => why,
  );
  if (typeof plan === "string")
    return [
      error(
        CHECK,
        plan,
        `the host was not compared with ${file}`,
        `guestnet host plan ${quoteWord(file)} --format NAME`,
      ),
    ];
  const { format, files, differences } = plan;
  const onDisk =
    files.length === 0
      ? []
      : [
          warning(
            CHECK,
            `${counted(files.length, "file")} of ${format} ${files.length === 1 ? "differs" : "differ"}: ${files.map(({ path }) => path).join(", ")}`,
            "the network manager makes something else when it starts or reloads",
            `guestnet host plan ${quoteWord(file)}`,
          ),
        ];
  const running = differences.map((one) =>
    error(CHECK, differenceText(one), "the host is not as described", `guestnet host try ${quoteWord(file)}`),
  );
  const all = [...running, ...onDisk];
  return all.length === 0 ? [ok(CHECK, `the host and the files of ${format} match ${file}`)] : all;
};
