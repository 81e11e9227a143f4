import { Option } from "commander";
import { WHEN } from "./colour.ts";

/** `--color WHEN`, for all commands whose output has colours. */
export const colourOption = (): Option =>
  new Option("--color <when>", "colour the output").choices(WHEN).default("auto");
