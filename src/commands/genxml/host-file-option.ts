import { Option } from "commander";

/** `--host FILE`, for every command that reads profiles. @param what it is read for */
export const hostFileOption = (what: string): Option =>
  new Option("--host <host.json>", what).default(undefined, "host.json beside the profile");
