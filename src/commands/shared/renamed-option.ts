import { Option } from "commander";
import { usageError } from "../../values/failure.ts";

/** Returns an option that is rejected with its new name. @param flags as they were, with a value */
export const renamedOption = (flags: string, renamed: string): Option =>
  new Option(flags, `the old name of ${renamed}`).hideHelp().argParser((): never => {
    throw usageError(`option '${flags}' is now '${renamed}'`, `use ${renamed}`);
  });
