import { InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../../shared/documented-command.ts";
import { readText } from "../../../files/read-file.ts";
import { type HostUri, parseHostUri } from "../../../run/host-uri.ts";
import { good } from "../../../values/result.ts";
import { parseHosts } from "./hosts-file.ts";

/** Reads a host's URI of the command line. */
export const toHostUri = (text: string): HostUri => {
  const uri = parseHostUri(text);
  if (uri.ok) return uri.value;
  throw new InvalidArgumentError(uri.problems.join("; "));
};

const oneMore = (text: string, before: readonly HostUri[] | undefined): readonly HostUri[] => {
  const uri = toHostUri(text);
  if (before?.some((one) => one.text === uri.text) === true)
    throw new InvalidArgumentError("This host is there already.");
  return [...(before ?? []), uri];
};

const toTimeout = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 600)) throw new InvalidArgumentError("It must be seconds, from 1 to 600.");
  return seconds;
};

/** Seconds, for what asks other hosts. */
const timeoutOption = (seconds = 10): Option =>
  new Option("--timeout <seconds>", "time limit for each host").argParser(toTimeout).default(seconds);

/** Adds the options that name several hosts. */
export const namedHosts = (command: DocumentedCommand): DocumentedCommand =>
  command
    .addOption(
      new Option("--host <uri>", "host, such as qemu+ssh://root@kvm2/system; repeatable")
        .argParser(oneMore)
        .conflicts("connect"),
    )
    .addOption(
      new Option("--hosts <file>", "file of hosts: a URI on each line, # starts a comment").conflicts([
        "connect",
        "host",
      ]),
    );

/** Adds the options that name several hosts. @param seconds default of the time limit for each */
export const hostOptions = (command: DocumentedCommand, seconds = 10): DocumentedCommand =>
  namedHosts(command).addOption(timeoutOption(seconds));

/** The hosts of a command line. */
export interface GivenHosts {
  readonly host?: readonly HostUri[];
  readonly hosts?: string;
  readonly timeout: number;
}

/** The hosts that a command works on. */
export interface ManyHosts {
  readonly uris: readonly HostUri[];
  /** Time limit for each host, in seconds. */
  readonly timeout: number;
}

/**
 * Runs a command on this host, or on those that the command line names.
 *
 * @returns the exit code: 1 when a file of hosts has errors, which are reported
 */
export const onHosts = async <C extends number>(
  { host, hosts, timeout }: GivenHosts,
  here: () => Promise<C>,
  there: (hosts: ManyHosts) => Promise<C>,
): Promise<C | 1> => {
  const read = hosts === undefined ? good(host) : parseHosts(hosts, await readText(hosts));
  if (!read.ok) {
    process.stderr.write(`${read.problems.join("\n")}\n`);
    return 1;
  }
  return read.value === undefined ? here() : there({ uris: read.value, timeout });
};
