import { renderJsonSchema } from "../profile/schema/json-schema.ts";
import { writtenHost } from "./written-host.ts";

/** The JSON Schema of `host.json`, for editors. */
export const hostSchema = (): string =>
  renderJsonSchema(
    "host.json",
    "What a host's guests have in common: its bridges, names for VLANs, and the gateway of routed guests.",
    writtenHost,
  );
