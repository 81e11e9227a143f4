import { Argument, InvalidArgumentError, Option } from "commander";
import type { HostUri } from "../../run/host-uri.ts";
import type { Family } from "../../values/address.ts";
import { toVid, type Vid } from "../../values/vid.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import type { ColourWhen } from "./colour.ts";
import { colourOption } from "./colour-option.ts";
import { type GivenHosts, hostOptions, onHosts } from "./hosts/host-options.ts";
import { connectOption } from "./survey-options.ts";
import type { Protocol } from "../../trace/packet.ts";

interface Options extends GivenHosts {
  readonly connect: string;
  readonly nic?: string;
  readonly from: "guest" | "outside";
  readonly port?: Protocol;
  readonly vlan?: Vid;
  readonly size?: number;
  readonly family?: Family;
  readonly watch?: number | true;
  readonly json: boolean;
  readonly color: ColourWhen;
}

const toPort = (text: string): Protocol => {
  const match = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(text);
  const port = Number(match?.[1]);
  if (!(port >= 1 && port <= 65_535))
    throw new InvalidArgumentError("It must be a port, such as 443 or 53/udp.");
  return { name: match?.[2] === "udp" ? "udp" : "tcp", port };
};

const toVlan = (text: string): Vid => {
  const vid = /^\d+$/.test(text) ? toVid(Number(text)) : null;
  if (vid === null) throw new InvalidArgumentError("It must be a VLAN ID from 1 to 4094.");
  return vid;
};

const toSize = (text: string): number => {
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (!(size >= 28 && size <= 65_535)) throw new InvalidArgumentError("It must be bytes, from 28 to 65535.");
  return size;
};

/** Seconds in which two or three packets of ping(8) come. */
const WATCH_S = 5;

const toWatch = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 600)) throw new InvalidArgumentError("It must be seconds, from 1 to 600.");
  return seconds;
};

/** Adds `guestnet trace`. */
export const addTrace = (program: DocumentedCommand): void => {
  hostOptions(program.command("trace"))
    .summary("show where a guest's packet goes, and where it ends")
    .description(
      "Follow a packet of a running guest to an address, a name or another guest, and the answer back. Each hop has a line with what was looked at, and the one where the packet ends the command that fixes it. Nothing is sent, and nothing is changed. With --watch, also count real packets on that way, and report where one was last seen.",
    )
    .addArgument(new Argument("<guest>", "name of a running guest"))
    .addArgument(new Argument("<destination>", "address, name or another running guest"))
    .addOption(connectOption())
    .addOption(new Option("--nic <nic>", "NIC: its number from 0, tap or MAC address"))
    .addOption(
      new Option("--from <end>", "end that sends the packet").choices(["guest", "outside"]).default("guest"),
    )
    .addOption(
      new Option("--port <port>", "port of the destination, such as 443 or 53/udp")
        .argParser(toPort)
        .default(undefined, "an ICMP echo request"),
    )
    .addOption(new Option("--vlan <vlan>", "VLAN of a trunk").argParser(toVlan))
    .addOption(
      new Option("--size <bytes>", "size of the packet")
        .argParser(toSize)
        .default(undefined, "the NIC's MTU"),
    )
    .addOption(
      new Option("--family <family>", "address family, if both are possible").choices(["ipv4", "ipv6"]),
    )
    .addOption(
      new Option("-w, --watch [seconds]", "count real packets on the way, for SECONDS")
        .argParser(toWatch)
        .default(undefined, String(WATCH_S)),
    )
    .option("--json", "print JSON", false)
    .addOption(colourOption())
    .examples(
      ["guestnet trace web1 192.0.2.1", "to an address"],
      ["guestnet trace web1 db1 --port 5432", "to another guest"],
      ["guestnet trace fw1 203.0.113.9 --vlan 30", "from a trunk"],
      ["guestnet trace web1 203.0.113.9 --from outside --port 443"],
      ["guestnet trace web1 db1 --host qemu+ssh://root@host2/system"],
      ["guestnet trace web1 192.0.2.1 --watch 10", "while web1 runs ping 192.0.2.1"],
      ["guestnet trace web1 192.0.2.1 --json | jq '.hops[] | select(.ok != true)'"],
    )
    .exitCodes(
      ["0", "the packet and its answer pass"],
      ["1", "that could not be found out"],
      ["2", "it ends somewhere"],
    )
    .action(async (guest: string, destination: string, options: Options) => {
      const { connect: uri, timeout, color, json, watch } = options;
      const { traceCommand } = await import("./trace/trace.ts");
      const on = (uris: readonly HostUri[]): Promise<0 | 1 | 2> =>
        traceCommand({
          ...{ guest, destination, uri, uris, timeout, json, color },
          nic: options.nic ?? null,
          from: options.from,
          protocol: options.port ?? { name: "icmp" },
          vlan: options.vlan ?? null,
          size: options.size ?? null,
          family: options.family ?? null,
          watch: watch === true ? WATCH_S : (watch ?? null),
        });
      process.exitCode = await onHosts(
        options,
        () => on([]),
        ({ uris }) => on(uris),
      );
    });
};
