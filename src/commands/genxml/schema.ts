import { guestSchema } from "../../profile/schema/json-schema.ts";
import { siteSchema } from "../../site/schema.ts";

/** `genxml schema guest|host`: the same text as schema/guest.schema.json or schema/host.schema.json. */
export const schemaCommand = (file: "guest" | "host"): void => {
  process.stdout.write(file === "guest" ? guestSchema() : siteSchema());
};
