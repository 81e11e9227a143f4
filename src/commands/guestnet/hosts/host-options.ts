import { InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../../shared/documented-command.ts";
import { readText } from "../../../files/read-file.ts";
import { type HostUri, parseHostUri } from "../../../run/host-uri.ts";
import type { Result } from "../../../values/result.ts";
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
export const timeoutOption = (seconds = 10): Option =>
  new Option("--timeout <seconds>", "time limit for each host").argParser(toTimeout).default(seconds);

/** Adds the options that name several hosts. */
export const hostOptions = (command: DocumentedCommand): DocumentedCommand =>
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
    )
    .addOption(timeoutOption());

/** Reads the hosts of a file. @returns the hosts, or everything that is wrong, each in a line with its place */
export const readHosts = async (file: string): Promise<Result<readonly HostUri[], string>> =>
  parseHosts(file, await readText(file));
