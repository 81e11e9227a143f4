import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import type { HostUri } from "../../run/host-uri.ts";
import { timeoutOption, toHostUri } from "./hosts/host-options.ts";
import { connectOption } from "./survey-options.ts";

const EXAMPLES = `
Examples:
  guestnet doctor                   the host itself: facts, impact and fixes
  guestnet doctor --json | jq '.findings[] | select(.kind != "ok")'
  guestnet doctor --peer qemu+ssh://root@host2/system
                                    before a migration: what the other host lacks for the guests here
  guestnet doctor --peer qemu+ssh://root@host2/system web1

Exit codes: 0 no error (warnings do not count), 2 errors, 1 it could not be found out.`;

interface Options {
  readonly connect: string;
  readonly json: boolean;
  readonly peer?: HostUri;
  readonly timeout: number;
}

/** Adds `guestnet doctor`. */
export const addDoctor = (program: DocumentedCommand): void => {
  program
    .command("doctor")
    .argument("[guest...]", "with --peer: running guests that are to move (default: all)")
    .description(
      "Examines the host: versions, the hook and whether the daemon knows it, bridges, VLANs of uplinks, forwarding, network managers. With --peer, what another host lacks for the guests of this one. Changes nothing.",
    )
    .summary("examine the host itself, or one to migrate to, and say what mends it")
    .addOption(connectOption())
    .addOption(
      new Option("--peer <uri>", "a host to migrate to, such as qemu+ssh://root@host2/system").argParser(
        toHostUri,
      ),
    )
    .addOption(timeoutOption(30))
    .option("--json", "as JSON", false)
    .endHelpWith(EXAMPLES)
    .action(async (names: readonly string[], options: Options, command: DocumentedCommand) => {
      const { connect: uri, json, peer, timeout } = options;
      if (peer === undefined) {
        if (names.length > 0) command.error("error: guests can be named with --peer only");
        const { doctorCommand } = await import("./doctor/doctor.ts");
        process.exitCode = await doctorCommand({ uri, json });
      } else {
        const { peerCommand } = await import("./doctor/peer/peer.ts");
        process.exitCode = await peerCommand(names, { uri, peer, json, timeout });
      }
    });
};
