import { Option } from "commander";
import { parseHostUri } from "../../run/host-uri.ts";
import { usageError } from "../../values/failure.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type GivenHosts, hostOptions, type ManyHosts, onHosts } from "./hosts/host-options.ts";
import { connectOption } from "./survey-options.ts";

interface Options extends GivenHosts {
  readonly connect: string;
  readonly output: string;
  readonly profiles?: readonly string[];
  readonly site?: string;
}

/** Returns this host, as one of several. */
const thisHost = async ({ connect, timeout }: Options): Promise<ManyHosts> => {
  (await import("./this-host.ts")).expectRoot("report");
  const uri = parseHostUri(connect);
  if (!uri.ok) throw usageError(uri.problems.join("; "), "guestnet report --connect qemu:///system -o site/");
  return { uris: [uri.value], timeout };
};

/** Adds `guestnet report`. */
export const addReport = (program: DocumentedCommand): void => {
  hostOptions(program.command("report"), 30)
    .summary("write a page with the guests of hosts")
    .description(
      "Write index.html: drift and conflicts, a table of guests, a picture of each host, and the address plan. The page loads nothing and needs no server. It shows a host that does not answer as such.",
    )
    .addOption(connectOption())
    .addOption(new Option("-o, --output <directory>", "directory for index.html").makeOptionMandatory())
    .addOption(
      new Option("--profiles <path...>", "profiles or directories of them, to compare and to plan with"),
    )
    .addOption(
      new Option("--site <host.json>", "host.json with the networks of the plan").default(
        undefined,
        "host.json beside the profiles",
      ),
    )
    .examples(
      ["guestnet report -o site/", "this host"],
      ["guestnet report --hosts hosts.txt -o site/", "several hosts"],
      ["guestnet report --hosts hosts.txt --profiles guests/ -o site/", "and the plan"],
    )
    .exitCodes(
      ["0", "every NIC is as its guest's metadata requires"],
      ["1", "a host does not answer, or a profile has errors"],
      ["2", "drift, a conflict, or a difference from the profiles"],
    )
    .action(async (options: Options) => {
      const write = async (hosts: ManyHosts): Promise<0 | 1 | 2> => {
        const { output, profiles = [], site = null } = options;
        const { reportCommand } = await import("./report-page/report-page.ts");
        return reportCommand({ ...hosts, output, profiles, site, made: new Date() });
      };
      process.exitCode = await onHosts<0 | 1 | 2>(options, async () => write(await thisHost(options)), write);
    });
};
