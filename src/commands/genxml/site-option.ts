import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";

/** Option for the path of host.json. */
export interface SiteOptions {
  readonly site?: string;
  readonly host?: string;
}

/** Adds `--site FILE`, for every command that reads profiles, and its old name `--host`. @param what it is read for */
export const withSite = (command: DocumentedCommand, what: string): DocumentedCommand =>
  command
    .addOption(new Option("--site <host.json>", what).default(undefined, "host.json beside the profile"))
    .addOption(new Option("--host <host.json>", "the old name of --site").conflicts("site").hideHelp());

/** Returns the host.json that was named, or null. */
export const siteOf = ({ site, host }: SiteOptions): string | null => site ?? host ?? null;
